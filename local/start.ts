import './check-node.mjs';
import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { NoDynamodb, requireDynamodb } from './aws/dynamodb.ts';
import { build } from './build.ts';
import { startControl } from './control.ts';
import { Locked, takeLock } from './lock.ts';
import { PortInUse, requireFreePorts } from './ports.ts';
import type { Seed } from './seed.ts';
import type { LocalStack, Ports } from './stack.ts';

const HELP = `npm start -- [options]   the whole system on this machine

  --base-port <port>   API; +1 control, +2 AWS, +3 DynamoDB, +4 Meta simulator, +5 tenant receiver,
                       +6 developer page and dashboard, +7 identity provider (default 4510)
  --port <port>        the API's port alone
  --state-dir <dir>    everything that outlives a restart, logs and stack.json (default .local)
  --reset              forget the state first
  --empty              nobody and nothing in it: no demo organisation, brand, number or key
  --scale <n>          virtual seconds per real second (default 1)
  --no-build           take the functions and templates of the last build
  --assembly <dir>     run the templates that cdk synth wrote there
  --record-grants <dir>   write down which grants of the policies were used (npm run grants)
  --help
`;

/** What a person did not get right; printed as one line. */
class UsageError extends Error {}

type Settings = {
  ports: Ports;
  stateDir: string;
  isReset: boolean;
  isEmpty: boolean;
  scale: number;
  isBuilding: boolean;
  assembly: string | undefined;
  grantsDir: string | undefined;
};

function readSettings(): Settings | 'help' {
  const { values } = parse();
  if (values.help) return 'help';
  const number = (name: string, text: string): number => {
    const value = Number(text);
    if (!Number.isFinite(value) || value < 0) throw new UsageError(`--${name} takes a number, not ${text}`);
    return value;
  };
  const base = number('base-port', values['base-port']);
  const [api = base, ...others] = Array.from({ length: 8 }, (_, index) => base + index);
  const [control = 0, aws = 0, dynamodb = 0, meta = 0, receiver = 0, edge = 0, identity = 0] = others;
  return {
    ports: {
      api: values.port === undefined ? api : number('port', values.port),
      control,
      aws,
      dynamodb,
      meta,
      receiver,
      edge,
      identity,
    },
    stateDir: path.resolve(values['state-dir']),
    isReset: values.reset,
    isEmpty: values.empty,
    scale: number('scale', values.scale),
    isBuilding: !values['no-build'],
    assembly: values.assembly,
    grantsDir: values['record-grants'],
  };
}

function parse() {
  try {
    return parseArgs({
      options: {
        'base-port': { type: 'string', default: '4510' },
        port: { type: 'string' },
        'state-dir': { type: 'string', default: '.local' },
        reset: { type: 'boolean', default: false },
        empty: { type: 'boolean', default: false },
        scale: { type: 'string', default: '1' },
        'no-build': { type: 'boolean', default: false },
        assembly: { type: 'string' },
        'record-grants': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message} (npm start -- --help)`);
  }
}

/** Clears the state, but not what was built nor the lock that this process holds. */
function reset(stateDir: string): void {
  for (const name of readdirSync(stateDir)) {
    if (name !== 'build' && name !== 'lock') rmSync(path.join(stateDir, name), { recursive: true, force: true });
  }
}

/** Architecture §5; secrets are in it, so it is for its owner alone. */
function writeStackFile(file: string, stack: LocalStack, controlUrl: string): void {
  const { seeded, meta, identity } = stack;
  const content = {
    api_url: stack.api.url,
    api_key: seeded?.apiKey ?? null,
    brand_id: seeded?.brandId ?? null,
    dashboard_url: `${stack.edge.url}/app`,
    developers_url: `${stack.edge.url}/developers`,
    control_url: controlUrl,
    oidc: identity ? { issuer: identity.issuer, client_id: identity.clientId } : null,
    people: seeded?.people ?? [],
    aws_endpoint_url: stack.aws.url,
    dynamodb_endpoint_url: stack.dynamodb.url,
    meta_simulator_url: meta.url,
    tenant_receiver_url: stack.receiver.origin,
    tenant_secret: seeded?.tenantSecret ?? null,
    meta: {
      app_secret: meta.appSecret,
      verify_token: meta.verifyToken,
      phone_number_id: meta.phoneNumberId,
      waba_id: meta.wabaId,
    },
    queues: stack.queues,
    tables: stack.tables,
    logs: stack.logs,
  };
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
}

const FROM_NOTHING = `Nobody is in it yet. Begin with an organisation and its owner, who can sign in at once:

npm run admin -- organisation create 'Acme' owner@acme.example`;

/** The product page's sample request, ready to paste. */
const quickstart = (apiUrl: string, seeded: Seed): string => `Send a one-time password:

curl -X POST '${apiUrl}/api/v1/whatsapp/external/send/otp' \\
  -H 'X-API-Key: ${seeded.apiKey}' \\
  -H 'Content-Type: application/json' \\
  -H 'Idempotency-Key: ${randomUUID()}' \\
  -d '{"to": "+12818184370", "code": "482913", "template_name": "${seeded.otpTemplateName}"}'`;

function printReady(stack: LocalStack, controlUrl: string, file: string, seconds: string, hasSite: boolean): void {
  console.log(`
ready in ${seconds} s

  developer page   ${stack.edge.url}/developers
  dashboard        ${stack.edge.url}/app
  API              ${stack.api.url}/api
  Meta simulator   ${stack.meta.url}
  tenant receiver  ${stack.receiver.origin}
  control          ${controlUrl}/health
  AWS endpoint     ${stack.aws.url}
  logs             ${stack.logs}
  all of it        ${file}

${stack.seeded ? quickstart(stack.api.url, stack.seeded) : FROM_NOTHING}

${hasSite ? '' : 'The developer page and the dashboard follow; who opens them now waits until they are built.\n'}Ctrl-C ends everything.`);
}

async function main(): Promise<void> {
  const settings = readSettings();
  if (settings === 'help') return void process.stdout.write(HELP);
  const { ports, stateDir, isReset, isEmpty, scale, isBuilding, grantsDir } = settings;
  const started = performance.now();
  const seconds = (): string => ((performance.now() - started) / 1000).toFixed(1);
  const file = path.join(stateDir, 'stack.json');
  const ends: (() => unknown)[] = [];
  let isEnding = false;
  const end = async (code: number): Promise<never> => {
    // The second Ctrl-C of somebody in a hurry.
    if (isEnding) process.exit(1);
    isEnding = true;
    try {
      for (const one of ends.reverse()) await one();
    } finally {
      process.exit(code);
    }
  };
  const fail = (error: unknown): void => {
    console.error(isExpected(error) ? error.message : error);
    void end(1);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);

  process.once('exit', lock(stateDir));
  // A killed start leaves it behind; whoever waits for it must not find the old one.
  rmSync(file, { force: true });
  if (isReset) reset(stateDir);
  // DynamoDB's port may be held by one that a killed start left behind; it is ended when ours starts.
  const { dynamodb: _itself, ...others } = ports;
  await requireFreePorts(Object.values(others));
  requireDynamodb();
  const [{ assembly, buildSite }, { startLocalStack }] = await Promise.all([
    settings.assembly === undefined
      ? build(isBuilding, (line) => console.log(line))
      : { assembly: settings.assembly, buildSite: undefined },
    // Read while others build.
    import('./stack.ts'),
  ]);
  const site = buildSite && Promise.withResolvers<void>();
  const stack = await startLocalStack({
    ...{ assembly, site: site?.promise, stateDir, ports, scale, isEmpty, grantsDir, onLost: fail },
  });
  ends.push(() => stack.stop());
  const control = await startControl(stack, ports.control);
  ends.push(() => control.stop());
  writeStackFile(file, stack, control.url);
  ends.push(() => rmSync(file, { force: true }));
  printReady(stack, control.url, file, seconds(), !buildSite);
  if (!buildSite) return;
  try {
    await buildSite();
    console.log(`The developer page and the dashboard are there after ${seconds()} s.`);
    site?.resolve();
  } catch (error) {
    console.error((error as Error).message);
    site?.reject(error);
  }
}

const isExpected = (error: unknown): error is Error =>
  error instanceof UsageError || error instanceof PortInUse || error instanceof NoDynamodb;

function lock(stateDir: string): () => void {
  try {
    return takeLock(path.join(stateDir, 'lock'));
  } catch (error) {
    if (!(error instanceof Locked)) throw error;
    throw new UsageError(
      `A stack runs on ${stateDir} already (process ${error.pid}). Stop it, or use --state-dir and --base-port.`,
    );
  }
}

try {
  await main();
} catch (error) {
  console.error(isExpected(error) ? error.message : error);
  process.exit(1);
}
