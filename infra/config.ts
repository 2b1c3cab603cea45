import { RetentionDays } from 'aws-cdk-lib/aws-logs';

type Settings = {
  region: string;
  /** A domain of our own in front of the API, with its certificate in the same region. */
  domain?: { name: string; certificateArn: string };
  /** Where people find the developer page and the dashboard, and come back to from signing in: `-c siteUrl=…` has precedence. No slash at the end. */
  siteUrl: string;
  /** Who mails of sign-ins come from: an address of a domain that SES has verified in this region; absent means Cognito's 50 a day. */
  signInMail?: { fromEmail: string; sesVerifiedDomain: string };
  /** Certificate of the site's host, in us-east-1, where CloudFront looks; absent means CloudFront's own host name. */
  siteCertificateArn?: string;

  /** Limits of the whole API, before any tenant's own: steady requests per second, and how many may come at once. */
  throttle: { requestsPerSecond: number; burst: number };
  /** Requests of one address in 5 minutes to the external API before the firewall refuses; absent means no firewall. */
  firewall?: { requestsPerAddress: number };
  /** Environments kept free for a function, which are also the most it gets. A function not named takes what is free. */
  reservedConcurrency?: Readonly<Record<string, number>>;
  /** Calling tenants' endpoints: contract §7. */
  delivery: {
    /** The most batches under way at once on the fast lane; each holds up to 10 calls. */
    fastConcurrency: number;
    /** The same on the slow lane, whose batches are shorter. Ladders come on top. */
    slowConcurrency: number;
    /** Calls to one endpoint at once from one container: times the concurrency of its lane it is the cap in flight. */
    inFlightPerContainer: { fast: number; slow: number };
    /** Ladders of one endpoint under way at once; what fails beyond that is held. */
    laddersPerEndpoint: number;
    /** Events per second a fast endpoint is given at most; releases and recoveries take half of it. */
    eventsPerSecond: number;
  };

  data: {
    /** `retain`: tables, secrets and their key outlive their stack. */
    onRemoval: 'retain' | 'destroy';
    /** Neither tables nor stacks can be deleted before this is taken back. */
    deletionProtection: boolean;
    pointInTimeRecovery: boolean;
    /**
     * Tables and the stage's secrets are encrypted with a KMS key of our own, whose use is in CloudTrail and which can be
     * shut off. Secrets of connections, queues and files have keys of AWS's.
     */
    ownKey: boolean;
  };
  /** How long files that people sent are kept, days; the messages themselves stay. */
  mediaRetentionDays: number;
  logRetention: RetentionDays;
  /** Share of the tenants' and Meta's requests that X-Ray follows, all the way: $5 a million of them. */
  tracedShare: number;
  /** How often our own tenant sends and receives. Less often than daily is no watch at all. */
  canaryEveryMinutes: number;
  /**
   * Who is told by e-mail, who must first confirm to AWS. `page`: at once, at night too. `ticket`: by the next working day.
   * `false`: nobody watches, and there are no alarms.
   */
  alarms: false | { page: readonly string[]; ticket: readonly string[] };

  meta: {
    /** Id of our Meta app, of which MetaApp holds the secret: tokens of another are refused. Put yours in before you deploy. */
    appId: `${number}`;
    /** No slash at the end. */
    graphUrl: string;
    graphVersion: `v${number}.${number}`;
    /** How long Meta's answer is waited for, milliseconds. API Gateway gives up at 29 s; 9 s are left to record it. */
    timeoutMs: number;
  };
  /** Limits where a key or a connection has none of its own: docs/limits.md. */
  limits: {
    keyRequestsPerMinute: number;
    otpPerTenMinutes: number;
    otpPerDay: number;
    /** Messages to one person at once, before Meta's one in 6 s holds (meta-cloud-api §1.3). */
    pairBurst: number;
    /** Meta's own for a number that it has not raised. */
    numberMessagesPerSecond: number;
  };
  /** How long a tenant's endpoint may take for its whole answer, milliseconds: contract §7. */
  deliveryTimeoutMs: number;
};

/** Loopback endpoints would reach into the machine the function runs on: no stage in the cloud can ask for them. */
type Deployed = Settings & { endpointPolicy: 'public' };
type OnOneMachine = Settings & { endpointPolicy: 'allow-loopback' };

const meta = {
  appId: '100000000000000',
  graphUrl: 'https://graph.facebook.com',
  graphVersion: 'v26.0',
  timeoutMs: 20_000,
} as const;

const delivery: Settings['delivery'] = {
  fastConcurrency: 20,
  slowConcurrency: 10,
  inFlightPerContainer: { fast: 5, slow: 2 },
  laddersPerEndpoint: 500,
  eventsPerSecond: 100,
};

const dev: Deployed = {
  region: 'eu-central-1',
  siteUrl: 'https://dev.quixess.com',
  throttle: { requestsPerSecond: 100, burst: 200 },
  delivery,
  data: { onRemoval: 'destroy', deletionProtection: false, pointInTimeRecovery: false, ownKey: false },
  mediaRetentionDays: 30,
  logRetention: RetentionDays.TWO_WEEKS,
  tracedShare: 1,
  canaryEveryMinutes: 60,
  alarms: { page: [], ticket: [] },
  meta,
  limits: {
    keyRequestsPerMinute: 600,
    otpPerTenMinutes: 5,
    otpPerDay: 20,
    pairBurst: 45,
    numberMessagesPerSecond: 80,
  },
  deliveryTimeoutMs: 15_000,
  endpointPolicy: 'public',
};

const prod: Deployed = {
  ...dev,
  siteUrl: 'https://quixess.com',
  signInMail: { fromEmail: 'sign-in@quixess.com', sesVerifiedDomain: 'quixess.com' },
  throttle: { requestsPerSecond: 2000, burst: 4000 },
  firewall: { requestsPerAddress: 100_000 },
  // Meta repeats what we do not acknowledge, and disables an app that keeps failing: sends must not take its share. Nor
  // may one lane of delivery take the other's, or both together that of the sends, which have the rest of the account.
  reservedConcurrency: {
    'receive-meta-webhook': 100,
    'record-event': 100,
    'deliver-event': 200,
    'retry-event': 150,
    'park-or-recover': 10,
    'watch-endpoint': 20,
    'recover-events': 10,
  },
  delivery: { ...delivery, fastConcurrency: 200, slowConcurrency: 50 },
  data: { onRemoval: 'retain', deletionProtection: true, pointInTimeRecovery: true, ownKey: true },
  mediaRetentionDays: 90,
  logRetention: RetentionDays.THREE_MONTHS,
  tracedShare: 0.01,
  canaryEveryMinutes: 5,
  alarms: { page: ['oncall@quixess.com'], ticket: ['platform@quixess.com'] },
};

const staging: Deployed = {
  ...prod,
  siteUrl: 'https://staging.quixess.com',
  data: { ...prod.data, onRemoval: 'destroy', deletionProtection: false },
  logRetention: RetentionDays.ONE_MONTH,
  // The same alarms, but nobody is woken by a rehearsal.
  alarms: { page: [], ticket: ['platform@quixess.com'] },
};

/** Everything on one machine: the local stack runs the templates of this stage and puts its own addresses in. */
const local: OnOneMachine = {
  ...dev,
  // Where the local edge listens when no other ports are asked for.
  siteUrl: 'http://127.0.0.1:4516',
  logRetention: RetentionDays.ONE_DAY,
  // Tests skip hours: each run of those would be made up for.
  canaryEveryMinutes: 24 * 60,
  alarms: false,
  endpointPolicy: 'allow-loopback',
};

const stages = { local, dev, staging, prod } as const;

/** A developer's own deployment: dev, but nobody is woken and the logs are short. */
const sandbox: Deployed = {
  ...dev,
  logRetention: RetentionDays.THREE_DAYS,
  canaryEveryMinutes: 24 * 60,
  alarms: false,
};

/** One stage, with its name, which is part of the names of stacks, functions and queues: `quixess-<name>-…`. */
export type StageConfig = {
  name: string;
  /** Prefix of the `type` of every problem document: the public error pages. No slash at the end. */
  errorDocsUrl: string;
} & (Deployed | OnOneMachine);

/**
 * The settings of a stage.
 * @param name `local`, `dev`, `staging`, `prod`, or `sandbox-<yours>`
 * @param siteUrl where its site is in place of what is written here: CloudFront's own host is known after the first deployment
 * @throws on any other name, listing the known ones, and on an address that is none
 */
export function stageConfig(name: string, siteUrl?: string): StageConfig {
  if (siteUrl !== undefined && !/^https:\/\/[\w.-]+$/.test(siteUrl))
    throw new Error(
      `-c siteUrl=${siteUrl}: an address such as https://d1234.cloudfront.net is needed, without a slash`,
    );
  const other = siteUrl === undefined ? {} : { siteUrl };
  if (isStage(name)) return named(name, { ...stages[name], ...other });
  if (/^sandbox-[a-z][a-z0-9]{0,14}$/.test(name)) return named(name, { ...sandbox, ...other });
  const known = [...Object.keys(stages), 'sandbox-<yours> (up to 15 small letters and digits)'].join(', ');
  throw new Error(`There is no stage "${name}". Known stages: ${known}`);
}

const named = (name: string, settings: Deployed | OnOneMachine): StageConfig => ({
  ...settings,
  name,
  errorDocsUrl: `${settings.siteUrl}/developers/errors`,
});

const isStage = (name: string): name is keyof typeof stages => Object.hasOwn(stages, name);
