import { createHash } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { parseJson } from '../json.ts';
import { ConnectionSecret } from '../secrets.ts';

/** The least Secrets Manager allows: whoever deleted a connection by mistake can make it again within a week. */
const RECOVERY_WINDOW_DAYS = 7;

/** Whether an error of the SDK's is of this name; its classes would be ten more in the bundle. */
const isNamed = (error: unknown, ...names: string[]): boolean => error instanceof Error && names.includes(error.name);

/** A secret as it was read; `version` says which one that was. */
export type ReadSecret = { arn: string; version: string; value: ConnectionSecret };

/**
 * The secrets of connections: Meta's token and the signing secrets, one secret for each connection under a name that
 * follows from its id. Read by others through `readSecret`, which caches.
 */
export function connectionSecrets(client: SecretsManagerClient, stage: string) {
  const nameOf = (connectionId: string): string => `quixess/${stage}/connections/${connectionId}`;

  /** The value as it is now; null when there is none, or it waits for its deletion. */
  const read = async (connectionId: string): Promise<ReadSecret | null> => {
    try {
      const {
        ARN = '',
        VersionId = '',
        SecretString = '',
      } = await client.send(new GetSecretValueCommand({ SecretId: nameOf(connectionId) }));
      return { arn: ARN, version: VersionId, value: ConnectionSecret.parse(parseJson(SecretString)) };
    } catch (error) {
      if (isNamed(error, 'ResourceNotFoundException', 'InvalidRequestException')) return null;
      throw error;
    }
  };

  const put = async (connectionId: string, value: ConnectionSecret): Promise<string> => {
    const { ARN = '' } = await client.send(
      new PutSecretValueCommand({ SecretId: nameOf(connectionId), SecretString: JSON.stringify(value) }),
    );
    return ARN;
  };

  return {
    read,

    /**
     * A new version in place of the one that was read. Its id follows from that one's, so that of two who change the same
     * value at once the second is refused (PutSecretValue, ClientRequestToken) and takes nothing back of the first.
     * @returns false when somebody else has changed it meanwhile
     */
    async replace(connectionId: string, { version }: ReadSecret, value: ConnectionSecret): Promise<boolean> {
      try {
        await client.send(
          new PutSecretValueCommand({
            SecretId: nameOf(connectionId),
            SecretString: JSON.stringify(value),
            ClientRequestToken: createHash('sha256').update(`after ${version}`).digest('hex'),
          }),
        );
        return true;
      } catch (error) {
        if (!isNamed(error, 'ResourceExistsException')) throw error;
        // Unless that one was taken back by hand, and what we read is the current one again.
        if ((await read(connectionId))?.version !== version) return false;
        await put(connectionId, value);
        return true;
      }
    },

    /**
     * Makes the secret, or brings it back from its deletion.
     * @returns null when somebody else has made it meanwhile: `read` has it
     */
    async create(connectionId: string, value: ConnectionSecret): Promise<string | null> {
      const Name = nameOf(connectionId);
      try {
        const { ARN = '' } = await client.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(value) }));
        return ARN;
      } catch (error) {
        if (!isNamed(error, 'ResourceExistsException', 'InvalidRequestException')) throw error;
        if (await read(connectionId)) return null;
        await client.send(new RestoreSecretCommand({ SecretId: Name }));
        return put(connectionId, value);
      }
    },

    /** It goes in a week. May be done twice. */
    async scheduleDeletion(connectionId: string): Promise<void> {
      try {
        await client.send(
          new DeleteSecretCommand({ SecretId: nameOf(connectionId), RecoveryWindowInDays: RECOVERY_WINDOW_DAYS }),
        );
      } catch (error) {
        if (!isNamed(error, 'ResourceNotFoundException', 'InvalidRequestException')) throw error;
      }
    },
  };
}
export type ConnectionSecrets = ReturnType<typeof connectionSecrets>;
