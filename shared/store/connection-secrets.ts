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

/**
 * The secrets of connections: Meta's token and the signing secrets, one secret for each connection under a name that
 * follows from its id. Read by others through `readSecret`, which caches.
 */
export function connectionSecrets(client: SecretsManagerClient, stage: string) {
  const nameOf = (connectionId: string): string => `quixess/${stage}/connections/${connectionId}`;

  /** The value as it is now; null when there is none, or it waits for its deletion. */
  const read = async (connectionId: string): Promise<{ arn: string; value: ConnectionSecret } | null> => {
    try {
      const { ARN = '', SecretString = '' } = await client.send(
        new GetSecretValueCommand({ SecretId: nameOf(connectionId) }),
      );
      return { arn: ARN, value: ConnectionSecret.parse(parseJson(SecretString)) };
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
    /** A new version of what is there. @returns its ARN */
    put,

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
