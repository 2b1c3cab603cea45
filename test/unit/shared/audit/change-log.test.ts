import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, test } from '@jest/globals';
import { mintApiKey } from '../../../../shared/api-key.ts';
import { type Change, changeLog } from '../../../../shared/audit/change-log.ts';
import { auditCsv } from '../../../../shared/views/audit-view.ts';

const change = (after: Change['after']): Change => ({
  organisationId: 'org_1',
  actor: { kind: 'platform', id: 'ann' },
  action: 'brand.created',
  target: { type: 'brand', id: 'brd_1' },
  before: null,
  after,
  requestId: 'r',
});

function log() {
  const sent: unknown[] = [];
  const client = { send: async (command: { input: unknown }) => void sent.push(command.input) };
  return { sent, changes: changeLog(client as unknown as DynamoDBDocumentClient, 'audit-log', () => 1000) };
}

test('a change and its line are one transaction', async () => {
  const { sent, changes } = log();
  const write = { Delete: { TableName: 'brands', Key: { brandId: 'brd_1' } } };
  expect(await changes.commit(change({ name: 'A' }), [write])).toEqual([]);
  expect(sent).toEqual([
    {
      TransactItems: [
        write,
        { Put: expect.objectContaining({ TableName: 'audit-log', Item: expect.objectContaining({ at: 1000 }) }) },
      ],
    },
  ]);
});

test.each<[string, Change['after']]>([
  ['an API key, whatever it is called', { name: mintApiKey('live').text }],
  ['an API key inside a text', { note: `use ${mintApiKey('test').text}` }],
  ['a signing secret', { webhook: `whsec_${'A'.repeat(44)}` }],
  ['a field that is called secret, however deep', { key: { secret: 'x' } }],
  ['an access token', { access_token: 'x' }],
])('%s is never written', (_name, after) => {
  const { sent, changes } = log();
  expect(() => changes.commit(change(after), [])).toThrow(/was given a secret/);
  expect(sent).toEqual([]);
});

test('a cell of the CSV is quoted where it must be, and no formula for a spreadsheet', () => {
  const row = {
    ...{ id: 'aud_1', at: '2026-11-22T10:30:00.000Z', action: 'brand.created' as const, brand_id: null, before: null },
    actor: { kind: 'platform' as const, id: '=HYPERLINK("x")', email: null },
    target: { type: 'brand' as const, id: 'brd_1' },
    after: { name: 'A, "B"' },
    request_id: 'r',
  };
  const [header, line] = auditCsv([row]).split('\r\n');
  expect(header).toBe(
    'id,at,actor_kind,actor_id,actor_email,action,target_type,target_id,brand_id,before,after,request_id',
  );
  expect(line).toBe(
    'aud_1,2026-11-22T10:30:00.000Z,platform,"\'=HYPERLINK(""x"")",,brand.created,brand,brd_1,,,"{""name"":""A, \\""B\\""""}",r',
  );
});
