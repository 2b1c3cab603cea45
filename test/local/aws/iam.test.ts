import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createIam, type PolicyStatement } from '../../../local/aws/iam.ts';
import { startAws, type TestAws } from './aws-fixture.ts';

const QUEUE = 'arn:aws:sqs:eu-central-1:111111111111:events';
const allow = (Action: string | string[], Resource: string | string[]): PolicyStatement => ({
  Effect: 'Allow',
  Action,
  Resource,
});
const outcome = (statements: PolicyStatement[], action: string, resource: string) => {
  const iam = createIam();
  iam.register('key', 'role', statements);
  return iam.check('key', action, resource).outcome;
};

describe('policies', () => {
  test.each<[string, PolicyStatement[], string, string, string]>([
    ['an exact grant', [allow('sqs:SendMessage', QUEUE)], 'sqs:SendMessage', QUEUE, 'allowed'],
    ['no grant', [], 'sqs:SendMessage', QUEUE, 'denied'],
    ['a grant of another action', [allow('sqs:ReceiveMessage', QUEUE)], 'sqs:SendMessage', QUEUE, 'denied'],
    ['a grant on another resource', [allow('sqs:SendMessage', `${QUEUE}2`)], 'sqs:SendMessage', QUEUE, 'denied'],
    ['a longer resource than granted', [allow('sqs:SendMessage', QUEUE)], 'sqs:SendMessage', `${QUEUE}2`, 'denied'],
    ['a star in the action', [allow('sqs:Send*', QUEUE)], 'sqs:SendMessage', QUEUE, 'allowed'],
    ['an action in other letters', [allow('SQS:sendmessage', QUEUE)], 'sqs:SendMessage', QUEUE, 'allowed'],
    ['a star in the resource', [allow('sqs:*', 'arn:aws:sqs:*:*:ev*')], 'sqs:SendMessage', QUEUE, 'allowed'],
    [
      'a question mark',
      [allow('sqs:SendMessage', QUEUE.replace('events', 'event?'))],
      'sqs:SendMessage',
      QUEUE,
      'allowed',
    ],
    [
      'a question mark for two letters',
      [allow('sqs:SendMessage', QUEUE.replace('ts', '?'))],
      'sqs:SendMessage',
      QUEUE,
      'denied',
    ],
    [
      'a dot that is no wildcard',
      [allow('sqs:SendMessage', QUEUE.replace('-', '.'))],
      'sqs:SendMessage',
      QUEUE,
      'denied',
    ],
    [
      'an explicit deny over an allow',
      [allow('*', '*'), { ...allow('sqs:*', QUEUE), Effect: 'Deny' }],
      'sqs:SendMessage',
      QUEUE,
      'denied',
    ],
    ['NotAction', [{ Effect: 'Allow', NotAction: 'sqs:Delete*', Resource: '*' }], 'sqs:SendMessage', QUEUE, 'allowed'],
    [
      'what NotAction names',
      [{ Effect: 'Allow', NotAction: 'sqs:Send*', Resource: '*' }],
      'sqs:SendMessage',
      QUEUE,
      'denied',
    ],
    [
      'what NotResource names',
      [{ Effect: 'Allow', Action: '*', NotResource: QUEUE }],
      'sqs:SendMessage',
      QUEUE,
      'denied',
    ],
    [
      'a deny of insecure transport',
      [
        allow('*', '*'),
        { ...allow('*', '*'), Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      ],
      'sqs:SendMessage',
      QUEUE,
      'allowed',
    ],
  ])('%s', (_, statements, action, resource, expected) => {
    expect(outcome(statements, action, resource)).toBe(expected);
  });

  test('refuses at registration what it would not honour, by name', () => {
    const register = (statement: PolicyStatement) => () => createIam().register('key', 'role', [statement]);
    const conditional = (Condition: PolicyStatement['Condition'], Action = 'sqs:*') => ({
      ...allow(Action, '*'),
      Condition,
    });
    expect(register(conditional({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }))).toThrow(
      'role, statement 0: condition IpAddress on aws:SourceIp is not emulated',
    );
    expect(register(conditional({ Bool: { 'aws:Other': 'true' } }))).toThrow('Bool on aws:Other');
    expect(register({ ...allow('sqs:*', '*'), Principal: '*' } as PolicyStatement)).toThrow('Principal');
    // Nothing here asks KMS, so its conditions cannot be got wrong.
    expect(register(conditional({ StringEquals: { 'kms:ViaService': 'sqs' } }, 'kms:Decrypt'))).not.toThrow();
  });

  test('tells which grants no call needed', () => {
    const iam = createIam();
    iam.register('key', 'role', [
      allow(['sqs:SendMessage', 'sqs:ReceiveMessage'], [QUEUE, `${QUEUE}-2`]),
      allow('secretsmanager:GetSecretValue', 'arn:x'),
      allow(['xray:PutTraceSegments', 'kms:Decrypt'], '*'),
    ]);
    iam.check('key', 'sqs:SendMessage', QUEUE);
    iam.check('key', 'secretsmanager:GetSecretValue', 'arn:x');
    expect(iam.unusedGrants()).toEqual([
      { principal: 'role', statement: 0, sid: undefined, actions: ['sqs:ReceiveMessage'], resources: [`${QUEUE}-2`] },
    ]);
  });
});

describe('callers', () => {
  let aws: TestAws;
  afterEach(() => aws.stop());
  const setUp = async (...statements: PolicyStatement[]) => {
    aws = await startAws();
    aws.iam.register('sender', 'send-otp', statements);
    return aws.sqs.createQueue({ name: 'events' }).url;
  };

  test('a refusal names caller, action and resource, and is logged in one line', async () => {
    const QueueUrl = await setUp();
    const sent = aws.sqsClient('sender').send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    await expect(sent).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: arn:aws:sts::111111111111:assumed-role/send-otp is not authorized to perform: sqs:SendMessage on resource: ${QUEUE} because no identity-based policy allows the sqs:SendMessage action`,
      $metadata: { httpStatusCode: 400 },
    });
    expect(aws.log).toEqual([`iam.denied principal=send-otp action=sqs:SendMessage resource=${QUEUE}`]);
  });

  test('a batch needs the permission of its single form, and calls are counted by operation', async () => {
    const QueueUrl = await setUp(allow('sqs:SendMessage', QUEUE));
    const Entries = [{ Id: 'a', MessageBody: 'x' }];
    await aws.sqsClient('sender').send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    await aws.sqs.receive('events');
    await expect(aws.sqs.receive('events', {}, 'sender')).rejects.toThrow('sqs:ReceiveMessage');
    expect(aws.calls.snapshot()).toEqual({
      'send-otp': {
        'sqs:SendMessageBatch': { calls: 1, read_units: 0, write_units: 0 },
        'sqs:ReceiveMessage': { calls: 1, read_units: 0, write_units: 0 },
      },
    });
    aws.calls.reset();
    expect(aws.calls.snapshot()).toEqual({});
  });

  test('each service checks', async () => {
    await setUp(allow('secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:*:*:secret:open-??????'));
    aws.secrets.ensure({ name: 'open', value: 'o' });
    aws.secrets.ensure({ name: 'closed', value: 'c' });
    const get = (SecretId: string) => aws.secretsClient('sender').send(new GetSecretValueCommand({ SecretId }));
    expect((await get('open')).SecretString).toBe('o');
    await expect(get('closed')).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const stateMachineArn = 'arn:aws:states:eu-central-1:111111111111:stateMachine:ladder';
    const started = aws.sfnClient('sender').send(new StartExecutionCommand({ stateMachineArn }));
    await expect(started).rejects.toThrow('states:StartExecution');
  });

  test('an unknown access key is not let in', async () => {
    const QueueUrl = await setUp();
    const sent = aws.sqsClient('stranger').send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    await expect(sent).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  });

  test('an unknown service or operation is named', async () => {
    await setUp();
    const call = async (target: string) => {
      const headers = { 'x-amz-target': target, authorization: 'AWS4-HMAC-SHA256 Credential=local-admin/x' };
      return (await fetch(aws.url, { method: 'POST', headers, body: '{}' })).json();
    };
    expect(await call('AmazonSQS.AddPermission')).toMatchObject({
      __type: 'UnknownOperationException',
      message: 'not emulated by the local stack: AmazonSQS.AddPermission',
    });
    expect(await call('Kinesis_20131202.PutRecord')).toMatchObject({ __type: 'UnknownOperationException' });
    expect(await call('AmazonSQS.constructor')).toMatchObject({ __type: 'UnknownOperationException' });
    // What names no target is S3's, whose refusals are XML.
    const anonymous = await fetch(aws.url, { method: 'POST', body: '{}' });
    expect([anonymous.status, await anonymous.text()]).toEqual([
      403,
      expect.stringContaining('<Code>AccessDenied</Code>'),
    ]);
  });
});
