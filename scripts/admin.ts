import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { COMMANDS } from './admin/commands.ts';
import { deployedPlace, localPlace, type Place } from './admin/place.ts';

const HELP = `npm run admin -- [where] <command>   what the platform's own people do

where
  (nothing)                   the local stack, by .local/stack.json
  --stack-file <file>         another local stack
  --stage <name> [--region <region>]
                              a deployed stage, with the AWS credentials at hand (${'default'} region of the stage: AWS_REGION)
  --by <name>                 who you are, for the audit log (default: your user name)

commands
${Object.values(COMMANDS)
  .map(({ usage, what }) => `  ${usage.padEnd(52)}${what}`)
  .join('\n')}
`;

/** What a person did not get right; printed as one line. */
class UsageError extends Error {}

function placeOf({ stage, region, file }: { stage?: string; region?: string; file: string }): Promise<Place> {
  if (stage === undefined) return localPlace(file);
  const known = region ?? process.env.AWS_REGION;
  if (known === undefined) throw new UsageError('Say where the stage is: --region, or AWS_REGION');
  return deployedPlace(stage, known);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      stage: { type: 'string' },
      region: { type: 'string' },
      'stack-file': { type: 'string', default: '.local/stack.json' },
      by: { type: 'string', default: userInfo().username },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || positionals.length === 0) return void process.stdout.write(HELP);
  const name = Object.keys(COMMANDS).find((one) => one === positionals.slice(0, one.split(' ').length).join(' '));
  const command = name === undefined ? undefined : COMMANDS[name];
  if (!name || !command) throw new UsageError(`There is no command "${positionals.join(' ')}". See --help`);
  const args = positionals.slice(name.split(' ').length);
  if (args.length !== (command.usage.match(/</g)?.length ?? 0)) throw new UsageError(`Usage: ${command.usage}`);

  const place = await placeOf({ stage: values.stage, region: values.region, file: values['stack-file'] });
  try {
    console.log(JSON.stringify(await command.run(place, values.by, args), null, 2));
  } finally {
    place.client.destroy();
  }
}

try {
  await main();
} catch (error) {
  const isUsage = error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  console.error(isUsage ? (error as Error).message : `${(error as Error).name}: ${(error as Error).message}`);
  process.exit(1);
}
