import { randomUUID } from 'node:crypto';
import type { Now } from '../clock.ts';
import { ApiError } from '../errors.ts';
import type { ApiResponse } from '../http/response.ts';
import type { UserRequest } from '../http/user-handler.ts';
import { logger } from '../logger.ts';
import { requestFingerprint } from '../sending/fingerprint.ts';
import { type IdempotencyStore, idempotencyId } from '../store/idempotency-store.ts';
import { type KeyedRequest, replayed, requireSame } from './create-once.ts';

type Deps = {
  idempotency: Pick<IdempotencyStore, 'reserve' | 'takeOver' | 'release' | 'complete'>;
  /** Keys the fingerprints of requests. */
  signingKey: () => Promise<string>;
  now: Now;
};

/** The clocks of two containers differ by less, milliseconds. */
const CLOCK_SKEW_MS = 5000;

export type Act = {
  response: ApiResponse;
  /** What is kept for a repetition: the answer without its secret. */
  kept: unknown;
};

/**
 * Like `createOnce`, for what is changed outside DynamoDB, in no transaction: the Idempotency-Key is reserved first and
 * gets its answer last. Whoever died in between is taken over from, when he must be dead, and it is done anew: `act` must
 * refuse its own late end, for he may only have slept.
 */
export const actOnce =
  ({ idempotency, signingKey, now }: Deps) =>
  async (request: KeyedRequest & Pick<UserRequest, 'remainingMs'>, act: () => Promise<Act>): Promise<ApiResponse> => {
    const { organisationId, route, instance, idempotencyKey, remainingMs } = request;
    if (idempotencyKey === null) return (await act()).response;
    const createdAt = now();
    const mine = {
      id: idempotencyId(organisationId, route, idempotencyKey),
      ownerId: randomUUID(),
      ownerUntil: createdAt + remainingMs() + CLOCK_SKEW_MS,
      fingerprint: requestFingerprint(await signingKey(), instance, request.body),
      messageId: '',
      createdAt,
    };
    const earlier = await idempotency.reserve(mine);
    if (earlier) {
      if (earlier.state !== 'released') requireSame(earlier, mine.fingerprint);
      if (earlier.state === 'completed') return replayed(earlier, mine.fingerprint);
      if (earlier.state === 'reserved' && earlier.ownerUntil > createdAt) throw inProgress();
      if ((await idempotency.takeOver(earlier, mine)) === null) throw inProgress();
    }
    const { response, kept } = await act().catch(async (error: unknown) => {
      // Should that fail, the key is free when we must be dead.
      await idempotency.release(mine).catch((failure) => logger.warn('idempotency.not_released', failure as Error));
      throw error;
    });
    if (await idempotency.complete(mine, { statusCode: response.statusCode, body: JSON.stringify(kept) }))
      return response;
    throw new ApiError('conflict', 'The same request was repeated while this one slept.');
  };
export type ActOnce = ReturnType<typeof actOnce>;

const inProgress = () =>
  new ApiError('idempotency_in_progress', 'The first request with this Idempotency-Key is still running.');
