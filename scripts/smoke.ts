// Does it work, from outside? The same checks for a deployed stage and for the local stack: npm run smoke
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { StackFile, startStack } from '../test/support/local-stack.ts';
import { type SmokeTarget, smoke } from './smoke/checks.ts';

const HELP = `npm run smoke -- [options]   checks a running system from outside

  (nothing)        the local stack; starts one of its own when none runs
  --stage <name>   what \`cdk deploy --all -c stage=<name> --outputs-file cdk.out/outputs-<name>.json\` deployed
  --url <url>      anything else, e.g. https://api.quixess.com/api
  --key <key>      an API key with all scopes; better in the variable QXS_API_KEY. A sandbox key (qxs_test_…) sends too,
                   to nobody; a live one sends nothing.
`;

/** The outputs that the CDK wrote: stack → output → value. */
function urlOfStage(stage: string): string {
  const file = `cdk.out/outputs-${stage}.json`;
  if (!existsSync(file)) throw new Error(`${file} is missing: deploy with --outputs-file ${file}, or give --url`);
  const outputs: Record<string, Record<string, string>> = JSON.parse(readFileSync(file, 'utf8'));
  const url = outputs[`quixess-${stage}-api`]?.ApiUrl;
  if (!url) throw new Error(`${file} has no ApiUrl of quixess-${stage}-api`);
  return url;
}

async function check(target: SmokeTarget): Promise<void> {
  console.log(`\n${target.url}\n`);
  const failures = await smoke(target, (line) => console.log(line));
  console.log(failures === 0 ? '\nAll well.' : `\n${failures} failed.`);
  process.exitCode = failures === 0 ? 0 : 1;
}

const local = ({ api_url, api_key }: StackFile): SmokeTarget => ({ url: `${api_url}/api`, key: api_key, sends: true });

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      stage: text,
      url: text,
      key: text,
      'state-dir': { ...text, default: '.local' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const url = values.url ?? (values.stage === undefined ? undefined : urlOfStage(values.stage));
  if (url !== undefined) {
    const key = values.key ?? process.env.QXS_API_KEY;
    if (!key) throw new Error('An API key is needed: --key, or the variable QXS_API_KEY');
    return check({ url: url.replace(/\/$/, ''), key, sends: key.startsWith('qxs_test_') });
  }
  const file = path.join(values['state-dir'], 'stack.json');
  if (existsSync(file)) return check(local(StackFile.parse(JSON.parse(readFileSync(file, 'utf8')))));
  console.log('No stack runs: starting one of its own …');
  const own = await startStack();
  try {
    await check(local(own));
  } finally {
    await own.stop();
  }
}

if (import.meta.main) await main();
