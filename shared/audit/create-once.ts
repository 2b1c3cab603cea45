import type { Now } from '../clock.ts';
import { ApiError } from '../errors.ts';
import { type ApiResponse, json } from '../http/response.ts';
import type { UserRequest } from '../http/user-handler.ts';
import { requestFingerprint } from '../sending/fingerprint.ts';
import { type IdempotencyItem, type IdempotencyStore, idempotencyId } from '../store/idempotency-store.ts';
import type { Write } from '../store/transaction.ts';
import type { Change, ChangeLog } from './change-log.ts';

type Deps = {
  changes: ChangeLog;
  idempotency: Pick<IdempotencyStore, 'find' | 'completing'>;
  /** Keys the fingerprints of requests. */
  signingKey: () => Promise<string>;
  now: Now;
};

/** What of a request makes it the same as another. */
export type KeyedRequest = Pick<UserRequest, 'organisationId' | 'route' | 'instance' | 'body' | 'idempotencyKey'>;

export type Creation = {
  change: Change;
  writes: readonly Write[];
  response: ApiResponse;
  /** What is kept for a repetition, where the answer holds a secret: the same without it. @default the answer's own body */
  kept?: unknown;
};

/**
 * Creates what a person asked for, its line in the audit log and the record of its Idempotency-Key in one transaction:
 * whoever repeats the request gets the first answer, and there is never a second thing.
 */
export const createOnce =
  ({ changes, idempotency, signingKey, now }: Deps) =>
  async (
    request: KeyedRequest,
    make: () => Promise<Creation>,
    /** What it means that writes did not hold, by their index from 0. */
    refusal: (failed: number[]) => ApiError,
  ): Promise<ApiResponse> => {
    const { organisationId, route, idempotencyKey } = request;
    if (idempotencyKey === null) {
      const { change, writes, response } = await make();
      const failed = await changes.commit(change, writes);
      if (failed.length > 0) throw refusal(failed);
      return response;
    }
    const id = idempotencyId(organisationId, route, idempotencyKey);
    const fingerprint = requestFingerprint(await signingKey(), request.instance, request.body);
    const earlier = await idempotency.find(id, now());
    if (earlier) return replayed(earlier, fingerprint);

    const { change, writes, response, kept } = await make();
    const body = kept === undefined ? response.body : JSON.stringify(kept);
    const record = idempotency.completing({ id, fingerprint, createdAt: now() }, { ...response, body });
    const failed = await changes.commit(change, [record, ...writes]);
    if (failed.length === 0) return response;
    // The same request twice at once: the other one was faster.
    const faster = failed.includes(0) ? await idempotency.find(id, now()) : null;
    if (faster) return replayed(faster, fingerprint);
    throw refusal(failed.filter((index) => index > 0).map((index) => index - 1));
  };
export type CreateOnce = ReturnType<typeof createOnce>;

/** The first answer. @throws as `requireSame` */
export function replayed({ fingerprint, response }: IdempotencyItem, again: string): ApiResponse {
  requireSame({ fingerprint }, again);
  if (!response) throw new Error('An idempotency record of the dashboard has no answer');
  return { ...json(response.statusCode, null), body: response.body, headers: { 'Idempotency-Replayed': 'true' } };
}

/** @throws ApiError 422 when the key was another request's */
export function requireSame({ fingerprint }: Pick<IdempotencyItem, 'fingerprint'>, again: string): void {
  if (fingerprint === again) return;
  throw new ApiError('idempotency_key_reused', 'This Idempotency-Key was used with a different request.');
}
