import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { expectDocumentedEvent } from './documented.ts';
import type { Received, StackFile } from './local-stack.ts';
import { codesIn, rememberSecret, secretsIn } from './run-secrets.ts';

/**
 * What has to hold of every run, looked at when a test ends its stack: no code, text, phone number, key or token in any
 * log line, no code in any table, and no event that the document does not tell.
 * @param running the stack's own calls; null for one that was killed, of which only the logs are left
 * @throws naming each line and table
 */
export async function inspectRun(
  stack: StackFile,
  running: { received: () => Promise<Received[]> } | null,
): Promise<void> {
  const secrets = [stack.tenant_secret, stack.meta.app_secret, stack.api_key.slice(-20)];
  // A stack that was started empty has no tenant's.
  for (const secret of secrets) if (secret !== '') rememberSecret(secret);
  const found = linesWithSecrets(stack.logs);
  if (running) {
    found.push(...(await tablesWithCodes(stack)));
    for (const { body } of await running.received()) expectDocumentedEvent(body);
  }
  if (found.length > 0) throw new Error(`What must be nowhere is in\n${found.slice(0, 20).join('\n')}`);
}

function linesWithSecrets(folder: string): string[] {
  // Whoever cleared the state has none.
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((file) =>
    readFileSync(path.join(folder, file), 'utf8')
      .split('\n')
      .flatMap((line) => secretsIn(line).map((secret) => `${file}: ${secret} in ${line.slice(0, 500)}`)),
  );
}

async function tablesWithCodes(stack: StackFile): Promise<string[]> {
  const credentials = { accessKeyId: 'local-admin', secretAccessKey: 'local' };
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: stack.aws_endpoint_url, region: 'us-east-1', credentials }),
  );
  const found: string[] = [];
  try {
    for (const [table, TableName] of Object.entries(stack.tables)) {
      // Meta's own samples of codes, which tests send too.
      if (table === 'templates') continue;
      for await (const { Items = [] } of paginateScan({ client }, { TableName })) {
        for (const item of Items) {
          const text = JSON.stringify(item);
          found.push(...codesIn(text).map((code) => `table ${table}: ${code} in ${text.slice(0, 500)}`));
        }
      }
    }
  } finally {
    client.destroy();
  }
  return found;
}
