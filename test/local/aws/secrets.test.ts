import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  type SecretsManagerClient,
  TagResourceCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startAws, type TestAws } from './aws-fixture.ts';

let aws: TestAws;
let client: SecretsManagerClient;
const DAY_MS = 86_400_000;
const value = async (SecretId: string, VersionId?: string) =>
  (await client.send(new GetSecretValueCommand({ SecretId, VersionId }))).SecretString;

beforeEach(async () => {
  aws = await startAws();
  client = aws.secretsClient();
});
afterEach(() => aws.stop());

test('a secret is found by name, by ARN, and by the ARN without its random end', async () => {
  const { ARN = '' } = await client.send(new CreateSecretCommand({ Name: 'meta/app', SecretString: 's3cret' }));
  expect(ARN).toMatch(/^arn:aws:secretsmanager:eu-central-1:111111111111:secret:meta\/app-[A-Za-z0-9]{6}$/);
  for (const id of ['meta/app', ARN, ARN.slice(0, -7)]) expect(await value(id)).toBe('s3cret');
});

test('a secret may be bytes', async () => {
  await client.send(new CreateSecretCommand({ Name: 'bytes', SecretBinary: new Uint8Array([1, 2, 3]) }));
  const { SecretBinary } = await client.send(new GetSecretValueCommand({ SecretId: 'bytes' }));
  expect(SecretBinary).toEqual(new Uint8Array([1, 2, 3]));
});

test('a new value becomes current, the last one stays as previous, older ones go', async () => {
  const first = await client.send(new CreateSecretCommand({ Name: 'rotated', SecretString: '1' }));
  const second = await client.send(new PutSecretValueCommand({ SecretId: 'rotated', SecretString: '2' }));
  expect(await value('rotated')).toBe('2');
  expect(await value('rotated', first.VersionId)).toBe('1');
  await client.send(new UpdateSecretCommand({ SecretId: 'rotated', SecretString: '3' }));
  const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: 'rotated' }));
  expect(Object.values(VersionIdsToStages ?? {}).sort()).toEqual([['AWSCURRENT'], ['AWSPREVIOUS']]);
  expect(VersionIdsToStages?.[second.VersionId ?? '']).toEqual(['AWSPREVIOUS']);
  await expect(value('rotated', first.VersionId)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('the same token again changes nothing', async () => {
  await client.send(new CreateSecretCommand({ Name: 'token', SecretString: '1' }));
  const put = (SecretString: string) =>
    client.send(new PutSecretValueCommand({ SecretId: 'token', SecretString, ClientRequestToken: 'a'.repeat(32) }));
  await put('2');
  expect((await put('2')).VersionId).toBe('a'.repeat(32));
  await expect(put('3')).rejects.toMatchObject({ name: 'ResourceExistsException' });
});

describe('deletion', () => {
  beforeEach(async () => {
    await client.send(new CreateSecretCommand({ Name: 'doomed', SecretString: 'x' }));
  });

  test('waits for its window and can be undone', async () => {
    await client.send(new DeleteSecretCommand({ SecretId: 'doomed', RecoveryWindowInDays: 7 }));
    await expect(value('doomed')).rejects.toMatchObject({ name: 'InvalidRequestException' });
    await client.send(new RestoreSecretCommand({ SecretId: 'doomed' }));
    expect(await value('doomed')).toBe('x');
    await client.send(new DeleteSecretCommand({ SecretId: 'doomed', RecoveryWindowInDays: 7 }));
    aws.clock.advance(7 * DAY_MS);
    await expect(value('doomed')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await client.send(new CreateSecretCommand({ Name: 'doomed', SecretString: 'new' }));
    expect(await value('doomed')).toBe('new');
  });

  test('happens at once when forced', async () => {
    await client.send(new DeleteSecretCommand({ SecretId: 'doomed', ForceDeleteWithoutRecovery: true }));
    await expect(value('doomed')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

test('lists and tags', async () => {
  await client.send(new CreateSecretCommand({ Name: 'b', SecretString: 'x' }));
  await client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'x', Tags: [{ Key: 'k', Value: '1' }] }));
  await client.send(new TagResourceCommand({ SecretId: 'a', Tags: [{ Key: 'k', Value: '2' }] }));
  const { SecretList } = await client.send(new ListSecretsCommand({}));
  expect(SecretList?.map(({ Name, Tags }) => [Name, Tags])).toEqual([
    ['a', [{ Key: 'k', Value: '2' }]],
    ['b', []],
  ]);
});

test('provisioning makes a secret once and keeps its value', async () => {
  const arn = 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:pepper-AbCdEf';
  expect(aws.secrets.ensure({ arn, value: 'first' })).toEqual({ arn, name: 'pepper' });
  aws.secrets.put('pepper', 'rotated');
  aws.secrets.ensure({ arn, value: 'second' });
  expect(await value(arn)).toBe('rotated');
  const named = aws.secrets.ensure({ name: 'named', value: 'n' });
  expect(aws.secrets.ensure({ name: 'named', value: 'other' })).toEqual(named);
  expect([aws.secrets.value('named'), aws.secrets.value('none')]).toEqual(['n', undefined]);
});

test('refuses a second secret of a name, and what it does not know', async () => {
  const create = (more: object) => client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'x', ...more }));
  await create({});
  await expect(create({})).rejects.toMatchObject({ name: 'ResourceExistsException' });
  await expect(create({ Name: 'b', AddReplicaRegions: [{ Region: 'eu-west-1' }] })).rejects.toThrow(
    'not emulated by the local stack: AddReplicaRegions',
  );
});
