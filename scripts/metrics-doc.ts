// Writes docs/metrics.md from shared/metric-catalog.ts.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { METRICS } from '../shared/metric-catalog.ts';

const root = path.resolve(import.meta.dirname, '..');

/** Metric → the files that count it. */
export function whereCounted(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const folder of ['functions', 'shared']) {
    for (const name of readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      if (!name.endsWith('.ts')) continue;
      const text = readFileSync(path.join(root, folder, name), 'utf8');
      for (const [, metric = ''] of text.matchAll(/\bcount\(\s*'(\w+)'/g)) {
        found.set(metric, [...(found.get(metric) ?? []), path.posix.join(folder, name)]);
      }
    }
  }
  return found;
}

export function metricsDoc(): string {
  const files = whereCounted();
  const rows = Object.entries(METRICS).map(([name, row]) => {
    const dimension = 'dimension' in row ? `\`${row.dimension}\`` : '';
    const links = (files.get(name) ?? []).map((file) => `[${path.posix.basename(file, '.ts')}](../${file})`);
    return `| \`${name}\` | ${row.meaning} | ${dimension} | ${[...new Set(links)].join(', ')} |`;
  });
  return `# Metrics

Written by \`npm run metrics-doc\` from \`shared/metric-catalog.ts\`; a test compares them with what the functions count.

Namespace \`Quixess/<stage>\`, unit Count, written as a log line (EMF), so that counting costs no call. Every metric has the
dimension \`service\`, the function's name, and at most one more, whose values are few. A brand is never a dimension: at
10,000 tenants it would cost $12,000 a month; per brand ask the logs (\`brand_id\` is on every line of a request and of an attempt).

| metric | one count means | dimension | counted in |
|---|---|---|---|
${rows.join('\n')}

From the access log of each gateway come, in the namespace \`Quixess\`, \`quixess-<stage>-unavailable\` (503s) and
\`quixess-<stage>-authorizer-faults\`, of the dashboard's \`quixess-<stage>-dashboard-…\`. The rest are AWS's own: Lambda \`Errors\`, \`Throttles\`, \`Duration\`, \`ConcurrentExecutions\`; SQS
\`ApproximateAgeOfOldestMessage\` and \`ApproximateNumberOfMessagesVisible\`; Step Functions \`ExecutionsFailed\`,
\`ExecutionsTimedOut\`, \`ExecutionsAborted\`; DynamoDB \`ReadThrottleEvents\`, \`WriteThrottleEvents\`; API Gateway
\`Latency\`, \`4XXError\`, \`5XXError\`.

The most telling are on the dashboard \`quixess-<stage>-golden-signals\`; what each alarm means is in [runbook.md](runbook.md).
`;
}

if (import.meta.main) writeFileSync(path.join(root, 'docs/metrics.md'), metricsDoc());
