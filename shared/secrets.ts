import { getSecret } from '@aws-lambda-powertools/parameters/secrets';
import * as z from 'zod';
import { parseJson } from './json.ts';

/** Rotation is seen after at most this long, seconds; architecture §2. */
export const SECRET_MAX_AGE_SECONDS = 60;

/** Meta's app secret signs the webhooks of every tenant of the app; the verify token answers Meta's GET handshake. */
export const MetaAppSecret = z.object({ app_secret: z.string().min(1), verify_token: z.string().min(1) });

/** The HMAC key over API key secrets. */
export const KeyPepper = z.object({ version: z.string(), pepper: z.string().min(16) });

/** Keys the fingerprints of requests. */
const RequestSigning = z.object({ key: z.string().min(16) });

/**
 * One per connection. The first signing secret signs `X-Quixess-Signature-256`, all of them (at most two, while
 * rotating) sign `webhook-signature`.
 */
export const ConnectionSecret = z.object({
  access_token: z.string().min(1),
  /** When this token took the place of the one before: a send that met a dead one says which it meant. */
  token_set_at: z.number().optional(),
  signing_secrets: z.array(z.string().startsWith('whsec_')).min(1).max(2),
  /** When the second one was added, and when it took the place of the first: shared/webhooks/secret-rotation.ts. */
  rotated_at: z.number().optional(),
  promoted_at: z.number().optional(),
});
export type ConnectionSecret = z.output<typeof ConnectionSecret>;

/**
 * Reads a JSON secret, parsed; cached for at most 60 s in this container.
 * @param forceFetch not what is cached
 * @throws when the secret is missing or not of this shape; the message never holds the value.
 */
export async function readSecret<T extends z.ZodType>(
  arn: string,
  schema: T,
  forceFetch = false,
): Promise<z.output<T>> {
  const text = await getSecret(arn, { maxAge: SECRET_MAX_AGE_SECONDS, forceFetch });
  const parsed = schema.safeParse(parseJson(String(text)));
  if (!parsed.success) throw new Error(`The secret ${arn} does not have the expected shape`);
  return parsed.data;
}

type Holder = { secretArn: string; token?: { setAt: number } | undefined };

/** Meta's token and the signing secrets of a connection; never a token that the connection knows to be replaced. */
export async function secretOf({ secretArn, token }: Holder): Promise<ConnectionSecret> {
  const secret = await readSecret(secretArn, ConnectionSecret);
  const isReplaced = token !== undefined && token.setAt > (secret.token_set_at ?? token.setAt);
  return isReplaced ? readSecret(secretArn, ConnectionSecret, true) : secret;
}

/** What keys cursors and the fingerprints of requests. */
export const signingKeyOf = (secretArn: string) => async (): Promise<string> =>
  (await readSecret(secretArn, RequestSigning)).key;
