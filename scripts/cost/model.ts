import { type Batched, FULL_BATCH, type FunctionUse, type Profile, type Scenario } from '../../bench/profile.ts';
import { ASSUMED, PRICES } from './prices.ts';

/** What is paid for a million of something: part → dollars. */
export type Parts = Record<string, number>;

export const total = (parts: Parts): number => Object.values(parts).reduce((sum, one) => sum + one, 0);

/** Of the functions, from the template, by name. */
export type Sizes = ReadonlyMap<string, { memoryMb: number; logsInvocations: boolean }>;
/** Of the gateway, from the template. */
export type Sampling = { tracedAtGateway: number };

/** Requests that come in through a gateway, for one of the scenario. */
type Load = { requests: number };

/** A processor of its own is what Lambda gives for so many megabytes, and a share of it for less. */
const MB_OF_A_PROCESSOR = 1769;
/** Calls of Lambda's own pollers: no time of the function. */
const POLLS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage'];
const SENDS = ['sqs:SendMessage', 'sqs:SendMessageBatch'];

/** Milliseconds that a function waits for others than AWS. */
const WAITS: Readonly<Record<string, number>> = {
  'send-otp': ASSUMED.metaMs,
  'deliver-event': ASSUMED.endpointMs,
  'retry-event': ASSUMED.endpointMs,
};

/** A million times what the profile says of one. */
export function perMillion(scenario: Scenario, sizes: Sizes, { tracedAtGateway }: Sampling, { requests }: Load): Parts {
  const parts: Parts = { gateway: requests * PRICES.apiRequestsPerMillion };
  const add = (part: string, dollars: number) => {
    parts[part] = (parts[part] ?? 0) + dollars;
  };
  for (const [name, use] of Object.entries(scenario)) {
    const { memoryMb, logsInvocations } = sizes.get(name) ?? { memoryMb: 512, logsInvocations: true };
    const isPolled = POLLS.some((action) => action in use.calls);
    const calls = (...wanted: string[]) => wanted.reduce((sum, action) => sum + (use.calls[action] ?? 0), 0);
    const awsCalls = Object.values(use.calls).reduce((sum, times) => sum + times, 0) - calls(...POLLS);
    add('functions', use.invocations * PRICES.lambdaRequestsPerMillion);
    const ms = use.invocations === 0 ? 0 : invocationMs(name, { use, awsCalls, memoryMb });
    add('function time', use.invocations * (ms / 1000) * (memoryMb / 1024) * PRICES.lambdaGbSecond * 1e6);
    add('table writes', use.writeUnits * PRICES.writeUnitsPerMillion);
    add('table reads', use.readUnits * PRICES.readUnitsPerMillion);
    // All our messages have a group, and are charged for it with each request.
    add('queues', calls(...POLLS, ...SENDS) * (PRICES.sqsRequestsPerMillion + PRICES.sqsFairPerMillion));
    add('secrets', calls('secretsmanager:GetSecretValue') * PRICES.secretsCallsPerMillion);
    add('logs', logs(use.logBytes + (logsInvocations ? use.invocations * ASSUMED.platformLogBytes : 0)));
    const traced = requests > 0 && !isPolled ? tracedAtGateway : ASSUMED.tracedByLambda;
    add('traces', use.invocations * traced * PRICES.tracesPerMillion);
  }
  if (requests > 0) add('logs', logs(requests * ASSUMED.accessLogBytes));
  return parts;
}

/** How long one invocation takes: the messages of a batch are worked on side by side, and share its processor. */
function invocationMs(name: string, of: { use: FunctionUse; awsCalls: number; memoryMb: number }): number {
  const { use, awsCalls, memoryMb } = of;
  const messages = Math.max(1, 1 / use.invocations);
  const cpuMs = ASSUMED.cpuMs + ASSUMED.cpuPerMessageMs * (messages - 1);
  const callsInTurn = awsCalls / use.invocations / messages;
  return cpuMs / Math.min(1, memoryMb / MB_OF_A_PROCESSOR) + callsInTurn * ASSUMED.callMs + (WAITS[name] ?? 0);
}

/** Dollars for a million times so many bytes. */
const logs = (bytes: number): number => (bytes * 1e6 * PRICES.logsPerGb) / 1e9;

/**
 * One message of a batch of so many: what an invocation costs once is shared, what each message costs is not, and the
 * two are told apart by what was measured of a message alone and of one in a full batch.
 */
export function inBatchOf(batch: number, { alone, inBatch }: Batched): Scenario {
  const between = (one: number, ofFull: number): number => {
    const shared = (one - ofFull) / (1 - 1 / FULL_BATCH);
    return one - shared + shared / batch;
  };
  return Object.fromEntries(
    Object.entries(alone).map(([name, one]) => {
      const full = inBatch[name];
      // Behind the gateway: each webhook of Meta's comes alone.
      if (!full || !POLLS.some((action) => action in one.calls)) return [name, one];
      const actions = new Set([...Object.keys(one.calls), ...Object.keys(full.calls)]);
      return [
        name,
        {
          invocations: between(one.invocations, full.invocations),
          logBytes: between(one.logBytes, full.logBytes),
          readUnits: between(one.readUnits, full.readUnits),
          writeUnits: between(one.writeUnits, full.writeUnits),
          calls: Object.fromEntries(
            [...actions].map((action) => [action, between(one.calls[action] ?? 0, full.calls[action] ?? 0)]),
          ),
        },
      ];
    }),
  );
}

const plus = (a: Parts, b: Parts, share: number): Parts =>
  Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((part) => [
      part,
      (a[part] ?? 0) * (1 - share) + (b[part] ?? 0) * share,
    ]),
  );

/** Each figure of architecture §9, with its goal. `alone`: one at a time, the dearest; `loaded`: in batches. */
export function figures(profile: Profile, sizes: Sizes, sampling: Sampling) {
  const of = (scenario: Scenario, requests: number) => perMillion(scenario, sizes, sampling, { requests });
  const ofBatched = (batched: Batched) => ({
    alone: of(batched.alone, 1),
    loaded: of(inBatchOf(ASSUMED.batch, batched), 1),
  });
  const send = of(profile.send, 1);
  send.functions = (send.functions ?? 0) + PRICES.lambdaRequestsPerMillion / ASSUMED.requestsPerAuthorization;
  const ladder: Parts = {
    ...of(profile.ladder, 0),
    transitions: profile.ladderTransitions * PRICES.transitionsPerMillion,
  };
  const held = of(profile.held, 0);
  const [status, received] = [ofBatched(profile.status), ofBatched(profile.received)];
  return {
    send: { name: 'OTP sends with a key', goal: 10, alone: send, loaded: send },
    status: { name: 'status events', goal: 8, ...status },
    received: { name: 'received messages', goal: null, ...received },
    events: {
      name: `events as they come, ${100 * ASSUMED.receivedShare} % of them received messages`,
      goal: 8,
      alone: plus(status.alone, received.alone, ASSUMED.receivedShare),
      loaded: plus(status.loaded, received.loaded, ASSUMED.receivedShare),
    },
    ladder: { name: 'whole ladders, beyond the event', goal: 450, alone: ladder, loaded: ladder },
    held: { name: 'events held and released, beyond taking them in', goal: 3, alone: held, loaded: held },
  };
}
export type CostFigures = ReturnType<typeof figures>;
export type CostFigure = CostFigures[keyof CostFigures];
