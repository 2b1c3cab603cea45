// Lists what the policies of the templates allow and no test used: npm run grants [-- --check] [-- --all]
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { grantLine } from '../local/aws/grant-log.ts';
import { isCheckedAction } from '../local/aws/iam-policy.ts';
import { buildAssembly } from '../local/build.ts';
import { loadAssembly } from '../local/template/assembly.ts';
import { type Deployment, resolveDeployment } from '../local/template/deployment.ts';
import { roleStatements } from '../local/template/provision/roles.ts';
import { ACCEPTED_GRANTS } from './accepted-grants.ts';

/** Where the stacks of the tests wrote what they used; a new run of all tests begins with an empty folder. */
const USED = path.resolve(import.meta.dirname, '../cdk.out/grants');

const list = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat());

/** Every grant in the templates that can be used on one machine. */
export function allGrants(deployment: Deployment): string[] {
  const statements = roleStatements(deployment);
  const holders = [
    ...deployment.of('AWS::Lambda::Function').map(({ friendlyName, properties }) => [friendlyName, properties.Role]),
    ...deployment
      .of('AWS::StepFunctions::StateMachine')
      .map(({ friendlyName, properties }) => [friendlyName, properties.RoleArn]),
  ];
  const lines = holders.flatMap(([principal = '', role = '']) =>
    (statements.get(role) ?? [])
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action, Resource }) =>
        list(Action)
          .filter(isCheckedAction)
          .flatMap((action) => list(Resource).map((resource) => grantLine({ principal, action, resource }))),
      ),
  );
  return [...new Set(lines)].sort();
}

export type GrantReport = {
  /** How many there are. */
  all: number;
  /** Neither used nor accepted. */
  unused: string[];
  /** Unused, with the reason to keep it. */
  accepted: { grant: string; reason: string }[];
  /** Rows of the accepted list that fit nothing in the templates, or something that a test uses. */
  stale: string[];
};

/** @param used lines that stacks wrote with `--record-grants` */
export function reportGrants(
  all: readonly string[],
  used: ReadonlySet<string>,
  acceptable: typeof ACCEPTED_GRANTS = ACCEPTED_GRANTS,
): GrantReport {
  const report: GrantReport = { all: all.length, unused: [], accepted: [], stale: [] };
  for (const grant of all.filter((one) => !used.has(one))) {
    const row = acceptable.find(([pattern]) => pattern.test(grant));
    if (row) report.accepted.push({ grant, reason: row[1] });
    else report.unused.push(grant);
  }
  const isStale = (pattern: RegExp): boolean => {
    const fitting = all.filter((grant) => pattern.test(grant));
    return fitting.length === 0 || fitting.some((grant) => used.has(grant));
  };
  report.stale = acceptable.filter(([pattern]) => isStale(pattern)).map(([pattern]) => String(pattern));
  return report;
}

const usedGrants = (): Set<string> =>
  new Set(
    existsSync(USED)
      ? readdirSync(USED).flatMap((file) => readFileSync(path.join(USED, file), 'utf8').trim().split('\n'))
      : [],
  );

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      /** Fails for what is unused and not accepted, and for what is accepted and needs not be. */
      check: { type: 'boolean', default: false },
      /** Lists what is accepted, too. */
      all: { type: 'boolean', default: false },
    },
  });
  const used = usedGrants();
  if (used.size === 0) throw new Error('No test has run yet: npm test -- --selectProjects e2e');
  const assembly = await buildAssembly(true, () => {});
  const place = { account: '111111111111', region: 'eu-central-1', awsUrl: 'http://127.0.0.1:4566' };
  const report = reportGrants(allGrants(resolveDeployment(loadAssembly(assembly), place)), used);
  if (values.all)
    for (const { grant, reason } of report.accepted) console.log(`accepted  ${grant}\n          ${reason}`);
  for (const grant of report.unused) console.log(`UNUSED    ${grant}`);
  for (const row of report.stale)
    console.log(`STALE     ${row} in scripts/accepted-grants.ts fits what a test uses, or nothing`);
  const { all, accepted, unused, stale } = report;
  console.log(
    `${all} grants: ${all - accepted.length - unused.length} used, ${accepted.length} accepted, ${unused.length} unused`,
  );
  if (values.check && unused.length + stale.length > 0) process.exitCode = 1;
}

if (import.meta.main) await main();
