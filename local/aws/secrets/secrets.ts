import { randomInt, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../clock.ts';
import type { Account } from '../account.ts';
import { transaction } from '../database.ts';
import type { Operation } from '../wire.ts';
import { AwsError } from '../wire.ts';
import { secretOperations } from './operations.ts';
import { createSecretStore, type Secret, type Version } from './store.ts';

/** AWS adds these to a name, so that a policy for a deleted secret does not match a new one of that name. */
const SUFFIX = /-[A-Za-z0-9]{6}$/;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
export type SecretValue = { string?: string; binary?: string };
type Deps = { database: DatabaseSync; clock: Clock; account: Account };

/** Secrets with their versions and stages: the rules behind the wire operations. */
export function createSecretVault({ database, clock, account: { account, region } }: Deps) {
  const store = createSecretStore(database);
  const arnPrefix = `arn:aws:secretsmanager:${region}:${account}:secret:`;
  const newArn = (name: string): string =>
    `${arnPrefix}${name}-${Array.from({ length: 6 }, () => LETTERS[randomInt(LETTERS.length)]).join('')}`;

  /** A secret whose recovery window has ended is gone. */
  const alive = (secret: Secret | undefined): Secret | undefined => {
    if (secret?.deletesAt === undefined || secret.deletesAt > clock.now()) return secret;
    store.remove(secret.arn);
    return undefined;
  };
  /** By name, whole ARN, or ARN without the random part. */
  const find = (secretId: string): Secret | undefined => {
    if (!secretId.startsWith('arn:')) return alive(store.byName(secretId));
    const name = secretId.startsWith(arnPrefix) ? secretId.slice(arnPrefix.length) : undefined;
    return alive(store.byArn(secretId) ?? (name === undefined ? undefined : store.byName(name)));
  };

  return {
    find,
    /** The ARN that permissions are checked for; of a secret that is not there, one no exact grant matches. */
    arnFor: (secretId: string): string =>
      find(secretId)?.arn ?? (secretId.startsWith('arn:') ? secretId : `${arnPrefix}${secretId}`),
    /** @throws ResourceNotFoundException, InvalidRequestException while it waits for its deletion */
    get(secretId: string, options: { isDeletedToo?: boolean } = {}): Secret {
      const secret = find(secretId);
      if (!secret) throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
      if (secret.deletesAt !== undefined && !options.isDeletedToo)
        throw new AwsError(
          'InvalidRequestException',
          "You can't perform this operation on the secret because it was marked for deletion.",
        );
      return secret;
    },
    all: (): Secret[] => store.all().flatMap((secret) => alive(secret) ?? []),
    save: (secret: Secret): void => store.save(secret),
    remove: (secret: Secret): void => store.remove(secret.arn),
    versions: (secret: Secret): Version[] => store.versions(secret.arn),
    create(options: { name: string; arn?: string; description?: string; tags?: Secret['tags'] }): Secret {
      const { name, arn = newArn(name), description, tags = [] } = options;
      if (find(name))
        throw new AwsError(
          'ResourceExistsException',
          `The operation failed because the secret ${name} already exists.`,
        );
      const now = clock.now();
      const secret = { arn, name, description, tags, createdAt: now, changedAt: now };
      store.save(secret);
      return secret;
    },
    /**
     * Adds a version. The new current one makes the last current one AWSPREVIOUS; a version without a stage is dropped.
     * PutSecretValue, Secrets Manager API reference: the same token again with the same value changes nothing.
     */
    put(secret: Secret, value: SecretValue, versionId: string = randomUUID(), stages = ['AWSCURRENT']): Version {
      return transaction(database, () => {
        const versions = store.versions(secret.arn);
        const same = versions.find((version) => version.versionId === versionId);
        if (same && same.string === value.string && same.binary === value.binary) return same;
        if (same)
          throw new AwsError(
            'ResourceExistsException',
            `A version with the id ${versionId} has another value already.`,
          );
        for (const version of versions) {
          const wasCurrent = version.stages.includes('AWSCURRENT') && stages.includes('AWSCURRENT');
          const dropped = wasCurrent || stages.includes('AWSCURRENT') ? [...stages, 'AWSPREVIOUS'] : stages;
          const left = version.stages.filter((stage) => !dropped.includes(stage));
          version.stages = wasCurrent ? [...left, 'AWSPREVIOUS'] : left;
          if (version.stages.length === 0) store.removeVersion(secret.arn, version.versionId);
          else store.saveVersion(secret.arn, version);
        }
        const version = { versionId, ...value, stages, createdAt: clock.now() };
        store.saveVersion(secret.arn, version);
        store.save({ ...secret, changedAt: clock.now() });
        return version;
      });
    },
  };
}
export type SecretVault = ReturnType<typeof createSecretVault>;

/** Secrets Manager: operations of the wire, and what provisioning and tests use inside the process. */
export function createSecrets(deps: Deps): { api: Secrets; operations: Record<string, Operation> } {
  const vault = createSecretVault(deps);
  return { api: secretsApi(vault), operations: secretOperations(vault, deps.clock) };
}

function secretsApi(vault: SecretVault) {
  return {
    /**
     * Makes the secret, or leaves the one that is there with its value (so a template provisioned again keeps rotated
     * values). By name, an ARN is made with AWS's 6 random characters; by ARN, that ARN is used.
     */
    ensure(secret: { name: string; value: string } | { arn: string; value: string }): { arn: string; name: string } {
      const { arn, name } =
        'arn' in secret ? { arn: secret.arn, name: nameOf(secret.arn) } : { arn: undefined, ...secret };
      const existing = vault.find(arn ?? name);
      if (existing) return { arn: existing.arn, name: existing.name };
      const created = vault.create({ name, arn });
      vault.put(created, { string: secret.value });
      return { arn: created.arn, name };
    },
    /** Current value by name, ARN or partial ARN; undefined when there is none. */
    value(secretId: string): string | undefined {
      const secret = vault.find(secretId);
      return secret && vault.versions(secret).find(({ stages }) => stages.includes('AWSCURRENT'))?.string;
    },
    /** A new current version. @throws ResourceNotFoundException */
    put(secretId: string, value: string): void {
      vault.put(vault.get(secretId), { string: value });
    },
  };
}
export type Secrets = ReturnType<typeof secretsApi>;

function nameOf(arn: string): string {
  return arn.split(':').slice(6).join(':').replace(SUFFIX, '');
}
