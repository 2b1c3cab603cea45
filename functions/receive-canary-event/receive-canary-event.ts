import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { ApiError } from '../../shared/errors.ts';
import { parseJson } from '../../shared/json.ts';
import type { ConnectionSecret } from '../../shared/secrets.ts';

type Deps = {
  secret: () => Promise<ConnectionSecret>;
  /** @param sentAt epoch milliseconds, which the canary wrote as the reference of its message */
  arrived: (sentAt: number) => Promise<unknown>;
};

const Event = z.looseObject({
  type: z.string(),
  data: z.looseObject({ reference: z.string().regex(/^\d{13}$/) }),
});

/**
 * Verifies as a tenant should, over the raw body and in constant time.
 * @throws ApiError 401 for a wrong signature
 */
export const receiveCanaryEvent =
  ({ secret, arrived }: Deps) =>
  async (rawBody: string, signature: string): Promise<void> => {
    const { signing_secrets } = await secret();
    const expected = `sha256=${createHmac('sha256', signing_secrets[0] ?? '')
      .update(rawBody)
      .digest('hex')}`;
    const [given, wanted] = [Buffer.from(signature), Buffer.from(expected)];
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
      throw new ApiError('invalid_signature', 'X-Quixess-Signature-256 does not match the body.');
    }
    const event = Event.safeParse(parseJson(rawBody)).data;
    if (event?.type === 'message.delivered') await arrived(Number(event.data.reference));
  };
