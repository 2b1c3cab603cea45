import { describe, expect, test } from '@jest/globals';
import { rawResources, synthesized } from './synthesized.ts';

const prod = synthesized('prod');
const dev = synthesized('dev');

/** CloudFormation's names. Under another name it would make an empty table and let go of the full one: never change a line. */
const LOGICAL_IDS = {
  'AWS::DynamoDB::GlobalTable': [
    'ApiKeys3BB3983D',
    'AuditLogA5B7094E',
    'Brands233D7F6C',
    'Checkpoints620E2F20',
    'ClaimsE8D96B24',
    'Connections827CEF2F',
    'ConversationsBC91B70D',
    'Endpoints6D633340',
    'EventsD32975C2',
    'IdempotencyC15CBC33',
    'LimitsA6AFC87B',
    'MembersFEE56442',
    'Messages804FA4EB',
    'MetaUpdates8A4A3672',
    'Organisations66671130',
    'RecoveriesD235475B',
    'Templates785E9C36',
  ],
  'AWS::SecretsManager::Secret': ['Canary11957FE2', 'KeyPepperB58BE0AC', 'MetaAppDA33A4E7', 'RequestSigningB63EB630'],
  'AWS::KMS::Key': ['Key961B73FD'],
  'AWS::S3::Bucket': ['MediaA721A567'],
  'AWS::S3::BucketPolicy': ['MediaPolicyB55044B9'],
  'AWS::Cognito::UserPool': ['PeopleUserPool5E462257'],
  'AWS::Cognito::UserPoolClient': ['PeopleUserPoolDashboard8DCD3F74'],
  'AWS::Cognito::UserPoolDomain': ['PeopleUserPoolDomain92CF8C43'],
};
const kept = Object.keys(LOGICAL_IDS);

/** Of the same types, but nothing is lost with them. */
const MADE_ANEW = [
  // The site, which the next deployment puts there again.
  'Bucket83908E77',
  'BucketPolicyE9A3008A',
  // Of the topics that alarms are told by.
  'TopicKeyB2E0C9CB',
];
const keptOf = (type: string) => rawResources(prod, type).filter(([id]) => !MADE_ANEW.includes(id));

test.each(Object.entries(LOGICAL_IDS))('each %s keeps its logical id', (type, ids) => {
  expect(
    keptOf(type)
      .map(([id]) => id)
      .sort(),
  ).toEqual(ids);
});

test('what is kept for ever is in the data stack, and nothing else is', () => {
  const types = Object.values(prod.stacks.data!).map(({ Type }) => Type);
  expect(types.filter((type) => !kept.includes(type) && type !== 'AWS::CloudWatch::Alarm')).toEqual([]);
  const elsewhere = Object.entries(prod.stacks).filter(([stack]) => stack !== 'data');
  const others = elsewhere.flatMap(([, resources]) =>
    Object.entries(resources).filter(([, { Type }]) => kept.includes(Type)),
  );
  expect(others.map(([id]) => id).filter((id) => !MADE_ANEW.includes(id))).toEqual([]);
});

describe('prod', () => {
  test.each(kept)('every %s outlives its stack', (type) => {
    for (const [, { DeletionPolicy, UpdateReplacePolicy }] of keptOf(type)) {
      expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
    }
  });

  test('every table is protected, recoverable and encrypted with our own key', () => {
    for (const [, { Properties }] of rawResources(prod, 'AWS::DynamoDB::GlobalTable')) {
      expect(Properties).toMatchObject({
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        Replicas: [
          {
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
            SSESpecification: { KMSMasterKeyId: { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] } },
          },
        ],
      });
    }
  });
});

test('dev leaves nothing behind', () => {
  for (const [, { DeletionPolicy }] of kept.flatMap((type) => rawResources(dev, type))) {
    expect(DeletionPolicy).toBe('Delete');
  }
});

test('tables cost nothing at rest, and their indexes hold keys only', () => {
  for (const { properties } of prod.deployment.of('AWS::DynamoDB::GlobalTable')) {
    expect(properties.BillingMode).toBe('PAY_PER_REQUEST');
    for (const { Projection } of properties.GlobalSecondaryIndexes ?? []) {
      expect(Projection.ProjectionType).toBe('KEYS_ONLY');
    }
  }
});

test.each([
  ['api-keys', 'keyId', ['byBrand: brandId, keyId'], null],
  ['idempotency', 'id', [], 'expiresAt'],
  ['brands', 'brandId', ['byOrganisation: organisationId, brandId'], null],
  ['connections', 'connectionId', ['byBrand: brandId', 'byPhoneNumberId: phoneNumberId', 'byWaba: wabaId'], null],
  ['templates', 'wabaId, nameLanguage', [], null],
  [
    'messages',
    'brandShard, messageId',
    ['byConversation: conversationId, messageId', 'byWaMessageId: waMessageId'],
    null,
  ],
  ['events', 'brandShard, eventId', [], 'expiresAt'],
  ['conversations', 'brandShard, conversationId', ['byLastActivity: brandShard, lastActivity'], null],
  ['meta-updates', 'ownerShard, itemId', [], 'expiresAt'],
  ['checkpoints', 'job', [], null],
  ['limits', 'id', [], 'expiresAt'],
  ['organisations', 'organisationId', [], null],
  ['members', 'memberId', ['byOrganisation: organisationId, memberId'], null],
  ['audit-log', 'organisationId, entryId', [], null],
])('%s is found by %s and %j', (table, key, indexes, expiresAt) => {
  const keyOf = (schema: readonly { AttributeName: string }[]) => schema.map((part) => part.AttributeName).join(', ');
  const { properties } = prod.deployment
    .of('AWS::DynamoDB::GlobalTable')
    .find(({ friendlyName }) => friendlyName === table)!;
  expect(keyOf(properties.KeySchema)).toBe(key);
  expect(
    (properties.GlobalSecondaryIndexes ?? []).map((index) => `${index.IndexName}: ${keyOf(index.KeySchema)}`),
  ).toEqual(indexes);
  expect(properties.TimeToLiveSpecification?.AttributeName ?? null).toBe(expiresAt);
  expect(new Set(properties.AttributeDefinitions.map(({ AttributeType }) => AttributeType))).toEqual(new Set(['S']));
});

test.each([prod, dev])('files that people sent are deleted when their messages say so', ({ deployment }) => {
  const media = deployment.of('AWS::S3::Bucket').find(({ logicalId }) => logicalId === 'MediaA721A567');
  const rules = media?.properties.LifecycleConfiguration?.Rules;
  expect(rules).toEqual([expect.objectContaining({ Status: 'Enabled', ExpirationInDays: expect.any(Number) })]);
  const told = deployment
    .of('AWS::Lambda::Function')
    .flatMap(({ properties }) => properties.Environment?.Variables?.MEDIA_RETENTION_DAYS ?? []);
  expect(told).toEqual([String(rules?.[0]?.ExpirationInDays)]);
});
