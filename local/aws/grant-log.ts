import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { GrantUsed } from './iam.ts';

/** One part of a policy: who may do what on which resources, as the template says it. */
export const grantLine = ({ principal, action, resource }: GrantUsed): string =>
  // Without partition, service, region and account: `table/events/index/byBrand`, `secret:quixess/local/connections/*`.
  `${principal} ${action} ${resource.split(':').slice(5).join(':')}`;

/**
 * Writes down each grant that let a call through, once, into a file of this process below the folder: stacks of several
 * test files run at once, and may be killed at any moment.
 */
export function grantLog(directory: string): (grant: GrantUsed) => void {
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, `${process.pid}-${Date.now()}.txt`);
  const written = new Set<string>();
  return (grant) => {
    const line = grantLine(grant);
    if (written.has(line)) return;
    written.add(line);
    appendFileSync(file, `${line}\n`);
  };
}
