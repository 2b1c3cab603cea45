import * as z from 'zod';
import type { Clock } from '../../clock.ts';
import { AwsError, type Call, type Operation, operation } from '../wire.ts';
import type { SecretValue, SecretVault } from './secrets.ts';
import type { Secret } from './store.ts';

const DAY_MS = 86_400_000;
const tags = z.array(z.strictObject({ Key: z.string(), Value: z.string().optional() }));
const value = { SecretString: z.string().optional(), SecretBinary: z.base64().optional() };
const token = { ClientRequestToken: z.string().min(32).max(64).optional() };
const SecretId = z.strictObject({ SecretId: z.string() });
const GetSecretValue = SecretId.extend({ VersionId: z.string().optional(), VersionStage: z.string().optional() });
const CreateSecret = z.strictObject({
  Name: z.string().regex(/^[\w/+=.@-]{1,512}$/),
  Description: z.string().optional(),
  // Which key encrypts it makes no difference here.
  KmsKeyId: z.string().optional(),
  Tags: tags.optional(),
  ...value,
  ...token,
});
const PutSecretValue = SecretId.extend({ ...value, ...token, VersionStages: z.array(z.string()).min(1).optional() });
const UpdateSecret = SecretId.extend({
  ...value,
  ...token,
  Description: z.string().optional(),
  KmsKeyId: z.string().optional(),
});
const DeleteSecret = SecretId.extend({
  RecoveryWindowInDays: z.number().int().min(7).max(30).optional(),
  ForceDeleteWithoutRecovery: z.boolean().optional(),
});
const ListSecrets = z.strictObject({
  MaxResults: z.number().int().min(1).max(100).optional(),
  NextToken: z.string().optional(),
});
const TagResource = SecretId.extend({ Tags: tags });

const invalid = (message: string) => new AwsError('InvalidParameterException', message);
/** The wire counts seconds. */
const seconds = (ms: number): number => ms / 1000;

function newValue(request: { SecretString?: string; SecretBinary?: string }): SecretValue | undefined {
  if (request.SecretString !== undefined && request.SecretBinary !== undefined)
    throw invalid('You can only specify one of SecretString or SecretBinary.');
  if (request.SecretString === undefined && request.SecretBinary === undefined) return undefined;
  return { string: request.SecretString, binary: request.SecretBinary };
}

export function secretOperations(vault: SecretVault, clock: Clock): Record<string, Operation> {
  const secretFor = (secretId: string, action: string, call: Call, options?: { isDeletedToo: boolean }): Secret => {
    call.authorize(`secretsmanager:${action}`, vault.arnFor(secretId));
    return vault.get(secretId, options);
  };
  const describe = (secret: Secret) => ({
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    Tags: secret.tags,
    CreatedDate: seconds(secret.createdAt),
    LastChangedDate: seconds(secret.changedAt),
    ...(secret.deletesAt !== undefined && { DeletedDate: seconds(secret.deletesAt) }),
    VersionIdsToStages: Object.fromEntries(vault.versions(secret).map(({ versionId, stages }) => [versionId, stages])),
  });

  return {
    GetSecretValue: operation(GetSecretValue, ({ SecretId, VersionId, VersionStage }, call) => {
      const secret = secretFor(SecretId, 'GetSecretValue', call);
      const stage = VersionStage ?? (VersionId === undefined ? 'AWSCURRENT' : undefined);
      const version = vault
        .versions(secret)
        .find(
          (one) =>
            (VersionId === undefined || one.versionId === VersionId) &&
            (stage === undefined || one.stages.includes(stage)),
        );
      if (!version) {
        const wanted = VersionId === undefined ? `staging label: ${stage}` : `VersionId: ${VersionId}`;
        throw new AwsError(
          'ResourceNotFoundException',
          `Secrets Manager can't find the specified secret value for ${wanted}`,
        );
      }
      return {
        ARN: secret.arn,
        Name: secret.name,
        VersionId: version.versionId,
        SecretString: version.string,
        SecretBinary: version.binary,
        VersionStages: version.stages,
        CreatedDate: seconds(version.createdAt),
      };
    }),
    CreateSecret: operation(CreateSecret, (request, call) => {
      call.authorize('secretsmanager:CreateSecret', vault.arnFor(request.Name));
      const content = newValue(request);
      const secret = vault.create({ name: request.Name, description: request.Description, tags: request.Tags });
      const version = content && vault.put(secret, content, request.ClientRequestToken);
      return { ARN: secret.arn, Name: secret.name, VersionId: version?.versionId };
    }),
    PutSecretValue: operation(PutSecretValue, (request, call) => {
      const secret = secretFor(request.SecretId, 'PutSecretValue', call);
      const content = newValue(request);
      if (!content) throw invalid('You must provide either SecretString or SecretBinary.');
      const version = vault.put(secret, content, request.ClientRequestToken, request.VersionStages);
      return { ARN: secret.arn, Name: secret.name, VersionId: version.versionId, VersionStages: version.stages };
    }),
    UpdateSecret: operation(UpdateSecret, (request, call) => {
      const secret = secretFor(request.SecretId, 'UpdateSecret', call);
      const content = newValue(request);
      const described = { ...secret, description: request.Description ?? secret.description, changedAt: clock.now() };
      vault.save(described);
      const version = content && vault.put(described, content, request.ClientRequestToken);
      return { ARN: secret.arn, Name: secret.name, VersionId: version?.versionId };
    }),
    DescribeSecret: operation(SecretId, ({ SecretId }, call) =>
      describe(secretFor(SecretId, 'DescribeSecret', call, { isDeletedToo: true })),
    ),
    DeleteSecret: operation(DeleteSecret, (request, call) => {
      const { RecoveryWindowInDays, ForceDeleteWithoutRecovery } = request;
      if (ForceDeleteWithoutRecovery && RecoveryWindowInDays !== undefined)
        throw invalid("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
      const secret = secretFor(request.SecretId, 'DeleteSecret', call, { isDeletedToo: true });
      const deletesAt = clock.now() + (ForceDeleteWithoutRecovery ? 0 : (RecoveryWindowInDays ?? 30) * DAY_MS);
      if (ForceDeleteWithoutRecovery) vault.remove(secret);
      else vault.save({ ...secret, deletesAt });
      return { ARN: secret.arn, Name: secret.name, DeletionDate: seconds(deletesAt) };
    }),
    RestoreSecret: operation(SecretId, ({ SecretId }, call) => {
      const secret = secretFor(SecretId, 'RestoreSecret', call, { isDeletedToo: true });
      vault.save({ ...secret, deletesAt: undefined });
      return { ARN: secret.arn, Name: secret.name };
    }),
    ListSecrets: operation(ListSecrets, ({ MaxResults = 100, NextToken = '' }, call) => {
      call.authorize('secretsmanager:ListSecrets', '*');
      const secrets = vault.all().filter(({ name, deletesAt }) => deletesAt === undefined && name > NextToken);
      const page = secrets.slice(0, MaxResults);
      return { SecretList: page.map(describe), ...(page.length < secrets.length && { NextToken: page.at(-1)?.name }) };
    }),
    TagResource: operation(TagResource, ({ SecretId, Tags }, call) => {
      const secret = secretFor(SecretId, 'TagResource', call);
      const keys = Tags.map(({ Key }) => Key);
      vault.save({ ...secret, tags: [...secret.tags.filter(({ Key }) => !keys.includes(Key)), ...Tags] });
      return {};
    }),
  };
}
