import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

const CdkJson = z.object({ context: z.record(z.string(), z.unknown()) });

/**
 * The context of cdk.json, feature flags included. The CDK command line hands it to the app; whoever runs the app
 * without it must get the very same templates.
 */
export function cdkContext(): Record<string, unknown> {
  const file = path.resolve(import.meta.dirname, '../cdk.json');
  return CdkJson.parse(JSON.parse(readFileSync(file, 'utf8'))).context;
}
