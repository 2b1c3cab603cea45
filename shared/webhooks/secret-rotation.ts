import { randomBytes } from 'node:crypto';
import { type ConnectionSecret, SECRET_MAX_AGE_SECONDS } from '../secrets.ts';

/** A rotation promotes itself after this long, and as long after its promotion the old secret goes, milliseconds: contract §6. */
export const ROTATION_WINDOW_MS = 24 * 60 * 60 * 1000;

/** How long a container may not have heard of a promotion, milliseconds. */
const SETTLE_MS = SECRET_MAX_AGE_SECONDS * 1000;

/** 32 random bytes, in the form the Standard Webhooks libraries take. */
export const newSigningSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

type Signing = Pick<ConnectionSecret, 'signing_secrets' | 'rotated_at' | 'promoted_at'>;

/**
 * The secrets that sign now: the first signs `X-Quixess-Signature-256`, all of them sign `webhook-signature`. It follows
 * from the times alone, so no job has to run for a rotation to end.
 */
export function liveSecrets({ signing_secrets, rotated_at, promoted_at }: Signing, now: number): readonly string[] {
  const [old, fresh] = signing_secrets;
  if (old === undefined || fresh === undefined || rotated_at === undefined) return signing_secrets;
  const promotedAt = promoted_at ?? rotated_at + ROTATION_WINDOW_MS;
  if (now < promotedAt) return [old, fresh];
  return now < promotedAt + ROTATION_WINDOW_MS ? [fresh, old] : [fresh];
}

/**
 * First phase. One that is under way is begun anew from the secret that signs now: at most two are live.
 * @param fresh the new secret, shown once to who asked for it
 */
export function rotateSecret<T extends Signing>(secret: T, fresh: string, now: number): T {
  const [primary = fresh] = liveSecrets(secret, now);
  return { ...secret, signing_secrets: [primary, fresh], rotated_at: now, promoted_at: undefined };
}

/**
 * Second phase, as soon as every container has read of it: until then some would sign with the one and some with the
 * other, and a receiver that knows one secret and one header would refuse half of them. `promoted_at` says when.
 * Twice is the same as once, and without a rotation nothing changes.
 */
export const promoteSecret = <T extends Signing>(secret: T, now: number): T =>
  secret.rotated_at === undefined || secret.promoted_at !== undefined
    ? secret
    : { ...secret, promoted_at: Math.min(now + SETTLE_MS, secret.rotated_at + ROTATION_WINDOW_MS) };
