import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { grantLog } from '../../../local/aws/grant-log.ts';
import { createIam } from '../../../local/aws/iam.ts';
import { reportGrants } from '../../../scripts/grants.ts';

const TABLE = 'arn:aws:dynamodb:eu-central-1:111111111111:table/events';

test('each grant that let a call through is written down once, as the policy says it', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'grants-'));
  const iam = createIam(grantLog(folder));
  iam.register('key', 'list-events', [
    { Effect: 'Allow', Action: ['dynamodb:Query', 'dynamodb:GetItem'], Resource: [TABLE, `${TABLE}/index/*`] },
  ]);
  iam.check('key', 'dynamodb:Query', TABLE);
  iam.check('key', 'dynamodb:Query', `${TABLE}/index/byBrand`);
  iam.check('key', 'dynamodb:Query', `${TABLE}/index/byTime`);
  iam.check('key', 'dynamodb:PutItem', TABLE);
  const lines = readdirSync(folder).flatMap((file) => readFileSync(path.join(folder, file), 'utf8').trim().split('\n'));
  rmSync(folder, { recursive: true });
  expect(lines).toEqual(['list-events dynamodb:Query table/events', 'list-events dynamodb:Query table/events/index/*']);
});

test('what no test used is listed, but for what is accepted; a row that fits nothing, or what is used, is stale', () => {
  const all = ['a sqs:GetQueueUrl q', 'a sqs:SendMessage q', 'b dynamodb:PutItem table/x'];
  const report = reportGrants(all, new Set(['a sqs:SendMessage q']), [
    [/ sqs:GetQueueUrl /, 'of the poller'],
    [/ s3:GetObject /, 'gone'],
    [/ sqs:SendMessage /, 'used since'],
  ]);
  expect(report).toEqual({
    all: 3,
    unused: ['b dynamodb:PutItem table/x'],
    accepted: [{ grant: 'a sqs:GetQueueUrl q', reason: 'of the poller' }],
    stale: ['/ s3:GetObject /', '/ sqs:SendMessage /'],
  });
});
