import { Aws, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type GlobalSecondaryIndexPropsV2,
  ProjectionType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { People } from '../constructs/people.ts';
import { addThrottleAlarm } from '../constructs/throttle-alarm.ts';
import { resourceName, StageStack } from './stage-stack.ts';

type TableShape = {
  partitionKey: string;
  sortKey?: string;
  /** Holds the second since 1970 after which DynamoDB may delete the item. */
  expiresAt?: string;
  /** Name → partition key, and the sort key where there is one. They hold keys only: an index is written with every item. */
  indexes?: Record<string, readonly [partitionKey: string, sortKey?: string]>;
};

/** What is kept for ever: tables, secrets, the key they are encrypted with. Ids of constructs are never renamed: a rename is a delete. */
export class DataStack extends StageStack {
  private readonly key: Key | undefined;

  readonly apiKeys: TableV2;
  readonly idempotency: TableV2;
  readonly brands: TableV2;
  readonly connections: TableV2;
  readonly templates: TableV2;
  readonly messages: TableV2;
  readonly conversations: TableV2;
  /** Named by us, so that grants can name it: stages of one account differ, accounts do too. */
  readonly mediaBucketName: string;
  readonly events: TableV2;
  readonly metaUpdates: TableV2;
  readonly endpoints: TableV2;
  readonly recoveries: TableV2;
  readonly checkpoints: TableV2;
  readonly limits: TableV2;
  readonly organisations: TableV2;
  readonly members: TableV2;
  readonly auditLog: TableV2;
  readonly claims: TableV2;

  /** Who signs people in to the dashboard. */
  readonly people: People;

  readonly metaApp: Secret;
  readonly keyPepper: Secret;
  readonly requestSigning: Secret;
  /** The secret of the connection of our own tenant (canary stack), called like every connection's. */
  readonly canary: Secret;

  constructor(scope: Construct, id: string, config: StageConfig) {
    super(scope, id, config);
    this.key = config.data.ownKey ? this.makeKey() : undefined;

    this.apiKeys = this.table('ApiKeys', { partitionKey: 'keyId', indexes: { byBrand: ['brandId', 'keyId'] } });
    this.idempotency = this.table('Idempotency', { partitionKey: 'id', expiresAt: 'expiresAt' });
    this.brands = this.table('Brands', {
      partitionKey: 'brandId',
      indexes: { byOrganisation: ['organisationId', 'brandId'] },
    });
    this.connections = this.table('Connections', {
      partitionKey: 'connectionId',
      indexes: { byBrand: ['brandId'], byPhoneNumberId: ['phoneNumberId'], byWaba: ['wabaId'] },
    });
    this.templates = this.table('Templates', { partitionKey: 'wabaId', sortKey: 'nameLanguage' });
    this.messages = this.table('Messages', {
      partitionKey: 'brandShard',
      sortKey: 'messageId',
      // byWaMessageId is sparse: a message has no wamid before Meta took it.
      indexes: { byConversation: ['conversationId', 'messageId'], byWaMessageId: ['waMessageId'] },
    });
    this.conversations = this.table('Conversations', {
      partitionKey: 'brandShard',
      sortKey: 'conversationId',
      indexes: { byLastActivity: ['brandShard', 'lastActivity'] },
    });
    this.events = this.table('Events', { partitionKey: 'brandShard', sortKey: 'eventId', expiresAt: 'expiresAt' });
    this.metaUpdates = this.table('MetaUpdates', {
      partitionKey: 'ownerShard',
      sortKey: 'itemId',
      expiresAt: 'expiresAt',
    });
    this.endpoints = this.table('Endpoints', { partitionKey: 'connectionId' });
    this.recoveries = this.table('Recoveries', {
      partitionKey: 'brandId',
      sortKey: 'recoveryId',
      expiresAt: 'expiresAt',
    });
    this.checkpoints = this.table('Checkpoints', { partitionKey: 'job' });
    this.limits = this.table('Limits', { partitionKey: 'id', expiresAt: 'expiresAt' });
    this.organisations = this.table('Organisations', { partitionKey: 'organisationId' });
    this.members = this.table('Members', {
      partitionKey: 'memberId',
      indexes: { byOrganisation: ['organisationId', 'memberId'] },
    });
    this.auditLog = this.table('AuditLog', { partitionKey: 'organisationId', sortKey: 'entryId' });
    this.claims = this.table('Claims', { partitionKey: 'claim' });
    this.people = new People(this, 'People', { removalPolicy: this.removalPolicy });

    this.mediaBucketName = `${resourceName(config, 'media')}-${Aws.ACCOUNT_ID}`;
    this.makeMediaBucket();

    this.metaApp = this.secret('MetaApp', {
      description:
        "Meta's app secret, put in by hand (docs/deploy.md#secrets), and the verify token for Meta's dashboard",
      given: { app_secret: 'replace-me' },
      generated: 'verify_token',
      noRotation:
        'Meta gives the app secret in its dashboard and has no call to change it: rotated by hand with the runbook.',
    });
    this.keyPepper = this.secret('KeyPepper', {
      description: 'The HMAC key over the secrets of API keys',
      given: { version: '1' },
      generated: 'pepper',
      noRotation: 'Every API key of every tenant is hashed with it: a new pepper would refuse them all.',
    });
    this.requestSigning = this.secret('RequestSigning', {
      description: 'Keys the fingerprints of requests, and cursors',
      given: {},
      generated: 'key',
      noRotation: 'Fingerprints live as long as idempotency records: a new key would answer 422 to honest repeats.',
    });
    this.canary = this.makeCanarySecret();
  }

  private makeCanarySecret(): Secret {
    return this.secret('Canary', {
      name: `quixess/${this.config.name}/connections/canary`,
      description: 'Signing secret of the tenant of our own that watches; its first run puts it in',
      given: { access_token: 'canary' },
      generated: 'generated',
      noRotation: 'It signs what we send to ourselves; deleting its value makes the next run put a new one in.',
    });
  }

  private get removalPolicy(): RemovalPolicy {
    return this.config.data.onRemoval === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
  }

  private makeKey(): Key {
    return new Key(this, 'Key', {
      description: 'Tables and secrets of the Quixess Developer API',
      enableKeyRotation: true,
      removalPolicy: this.removalPolicy,
    });
  }

  /** Files of inbound messages, which Meta keeps for 7 days. */
  private makeMediaBucket(): void {
    const bucket = new Bucket(this, 'Media', {
      bucketName: this.mediaBucketName,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      // `copy-media` writes the same end into the message, and readers compare it: S3 is late by up to a day.
      lifecycleRules: [
        {
          expiration: Duration.days(this.config.mediaRetentionDays),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy: this.removalPolicy,
    });
    bucket.policy?.applyRemovalPolicy(this.removalPolicy);
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Who asked for a link is in the access log of the API; a link serves one file for five minutes.',
    });
  }

  private table(id: string, shape: TableShape): TableV2 {
    const { deletionProtection, pointInTimeRecovery } = this.config.data;
    const table = new TableV2(this, id, {
      partitionKey: text(shape.partitionKey),
      sortKey: shape.sortKey === undefined ? undefined : text(shape.sortKey),
      timeToLiveAttribute: shape.expiresAt,
      globalSecondaryIndexes: Object.entries(shape.indexes ?? {}).map(index),
      billing: Billing.onDemand(),
      encryption: this.key ? TableEncryptionV2.customerManagedKey(this.key) : TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: pointInTimeRecovery },
      deletionProtection,
      removalPolicy: this.removalPolicy,
    });
    addThrottleAlarm(table, id, Object.keys(shape.indexes ?? {}));
    if (!pointInTimeRecovery) {
      Validations.of(table).acknowledge({
        id: 'AwsSolutions-DDB3',
        reason: 'Only stages whose data somebody would miss pay for point-in-time recovery (infra/config.ts).',
      });
    }
    return table;
  }

  private secret(
    id: string,
    props: {
      name?: string;
      description: string;
      given: Record<string, string>;
      generated: string;
      noRotation: string;
    },
  ): Secret {
    const secret = new Secret(this, id, {
      secretName: props.name,
      description: props.description,
      encryptionKey: this.key,
      removalPolicy: this.removalPolicy,
      generateSecretString: {
        secretStringTemplate: JSON.stringify(props.given),
        generateStringKey: props.generated,
        passwordLength: 48,
        excludePunctuation: true,
      },
    });
    Validations.of(secret).acknowledge({ id: 'AwsSolutions-SMG4', reason: props.noRotation });
    return secret;
  }
}

const text = (name: string) => ({ name, type: AttributeType.STRING });

const index = ([indexName, [partitionKey, sortKey]]: [
  string,
  readonly [string, string?],
]): GlobalSecondaryIndexPropsV2 => ({
  indexName,
  partitionKey: text(partitionKey),
  sortKey: sortKey === undefined ? undefined : text(sortKey),
  projectionType: ProjectionType.KEYS_ONLY,
});
