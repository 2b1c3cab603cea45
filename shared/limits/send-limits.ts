import { createHmac } from 'node:crypto';
import type { Now } from '../clock.ts';
import { ApiError } from '../errors.ts';
import type { ApiRequest } from '../http/api-handler.ts';
import { count } from '../metrics.ts';
import type { Outgoing, SendLimits } from '../sending/send-once.ts';
import type { ConnectionLimits } from '../store/connection-store.ts';
import type { LimitStore, Rate } from '../store/limit-store.ts';
import { leasedBucket } from './leased-bucket.ts';
import { localBucket } from './local-bucket.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';

const MINUTE_MS = 60_000;
const TEN_MINUTES_MS = 10 * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Meta takes one message to the same person every 6 s, and bursts of 45 borrowed from what comes (meta-cloud-api §1.3). */
const PAIR_INTERVAL_MS = 6000;
/** Of a person's tokens a container uses this many before it asks the others: a conversation costs no write. */
const PAIR_UNSHARED = 5;
/** The same for a number: up to so many messages a second from one container are nobody's business. */
const NUMBER_UNSHARED_SHARE = 0.05;

/** What holds where a brand's connection says nothing else. */
export type LimitDefaults = Required<ConnectionLimits> & { keyRequestsPerMinute: number };

type Deps = { limits: LimitStore; defaults: LimitDefaults; signingKey: () => Promise<string>; now: Now };

/** Every limit of a send: docs/limits.md. Made once for each container: it holds leased tokens. */
export function sendLimits({ limits, defaults, signingKey, now }: Deps): SendLimits {
  const shared = leasedBucket(limits, now);
  const local = localBucket(now);

  /** First the container's own allowance, then the bucket that all share. @returns how long to wait, milliseconds */
  const takeCheaply = async (id: string, rate: Rate, unshared: number): Promise<number | null> => {
    if (local.take(id, { ...rate, burst: unshared }) === null) return null;
    const taken = await shared.take(id, rate);
    return taken.isTaken ? null : taken.retryAfterMs;
  };

  return {
    async admit(request) {
      const perMinute = request.requestsPerMinute ?? defaults.keyRequestsPerMinute;
      const taken = await shared.take(`key#${request.keyId}`, { burst: perMinute, intervalMs: MINUTE_MS / perMinute });
      const policy = { quota: perMinute, windowSeconds: 60 };
      if (taken.isTaken) return rateLimitHeaders('key', policy, { remaining: taken.remaining, resetSeconds: 60 });
      throw refusal(
        'rate_limited',
        'This API key has used up its requests for now.',
        taken.retryAfterMs,
        'key',
        policy,
      );
    },

    async take(request: ApiRequest<unknown>, outgoing: Outgoing) {
      const own = { ...defaults, ...outgoing.limits };
      const key = await signingKey();
      const person = hashOf(key, outgoing.to);
      // The person first: codes that are refused must not use up what Meta lets through to them and of the number.
      const taken = outgoing.isOtp ? await takeOtp(otpId(request, person), own) : NOTHING_TAKEN;
      try {
        await takeOfMeta(outgoing, person, own);
        return taken;
      } catch (refused) {
        // Should that fail, the person's count is one too high: the side to err on.
        await taken.giveBack().catch(() => {});
        throw refused;
      }
    },

    async learn(outgoing, scope, retryAfterSeconds) {
      // That limit is the app's, by the hour, and Meta names no time for it: it says nothing of this number.
      if (scope === 'app') return {};
      const own = { ...defaults, ...outgoing.limits };
      const isPair = scope === 'pair';
      const id = isPair ? pairId(outgoing, hashOf(await signingKey(), outgoing.to)) : numberId(outgoing);
      const rate = isPair ? pairRate(own) : numberRate(own);
      local.block(id, { ...rate, burst: isPair ? PAIR_UNSHARED : 1 }, retryAfterSeconds * 1000);
      shared.drain(id, rate, retryAfterSeconds * 1000);
      const [name, quota] = isPair ? (['pair', pairQuota(own)] as const) : (['number', numberQuota(own)] as const);
      return rateLimitHeaders(name, quota, { remaining: 0, resetSeconds: retryAfterSeconds });
    },
  };

  /** Meta's own limits, of the pair and of the number. @throws ApiError 429 */
  async function takeOfMeta(outgoing: Outgoing, person: string, own: LimitDefaults): Promise<void> {
    const pairWait = await takeCheaply(pairId(outgoing, person), pairRate(own), PAIR_UNSHARED);
    if (pairWait !== null) {
      const detail = 'WhatsApp takes no more messages to this recipient for now.';
      throw refusal('pair_rate_limited', detail, pairWait, 'pair', pairQuota(own));
    }
    const unshared = Math.max(1, Math.floor(own.messagesPerSecond * NUMBER_UNSHARED_SHARE));
    const numberWait = await takeCheaply(numberId(outgoing), numberRate(own), unshared);
    if (numberWait !== null) {
      const detail = 'The WhatsApp number sends as fast as WhatsApp lets it.';
      throw refusal('rate_limited', detail, numberWait, 'number', numberQuota(own));
    }
  }

  async function takeOtp(id: string, own: LimitDefaults) {
    const at = now();
    const windows = [
      { max: own.otpPerTenMinutes, ms: TEN_MINUTES_MS },
      { max: own.otpPerDay, ms: DAY_MS },
    ];
    const wait = await limits.addRecent(id, windows, at);
    if (wait === null) return { giveBack: async () => void (await limits.removeRecent(id, at)) };
    const isDay = wait > TEN_MINUTES_MS;
    const quota = isDay ? own.otpPerDay : own.otpPerTenMinutes;
    const detail = 'This person was sent as many codes as the brand allows.';
    throw refusal('otp_recipient_limit', detail, wait, 'otp-recipient', {
      quota,
      windowSeconds: (isDay ? DAY_MS : TEN_MINUTES_MS) / 1000,
    });
  }
}

const NOTHING_TAKEN = { giveBack: async () => {} };

const pairQuota = ({ pairBurst }: LimitDefaults) => ({
  quota: pairBurst,
  windowSeconds: (pairBurst * PAIR_INTERVAL_MS) / 1000,
});
const numberQuota = ({ messagesPerSecond }: LimitDefaults) => ({ quota: messagesPerSecond, windowSeconds: 1 });
const pairRate = ({ pairBurst }: LimitDefaults): Rate => ({ burst: pairBurst, intervalMs: PAIR_INTERVAL_MS });
const numberRate = ({ messagesPerSecond }: LimitDefaults): Rate => ({
  burst: messagesPerSecond,
  intervalMs: 1000 / messagesPerSecond,
});
const pairId = ({ from }: Outgoing, person: string): string => `pair#${from.phoneNumberId}#${person}`;
/** Sandbox keys have their own: nobody gets those codes. */
const otpId = ({ mode, brandId }: ApiRequest<unknown>, person: string): string =>
  `otp#${mode === 'test' ? 'test#' : ''}${brandId}#${person}`;
const numberId = ({ from }: Outgoing): string => `number#${from.phoneNumberId}`;

/** No phone number is in the table, and none can be found by trying all of them without the key. */
const hashOf = (key: string, to: string): string =>
  createHmac('sha256', key).update(`limit\n${to}`).digest('base64url');

function refusal(
  code: 'rate_limited' | 'pair_rate_limited' | 'otp_recipient_limit',
  message: string,
  waitMs: number,
  policy: string,
  quota: { quota: number; windowSeconds: number },
): ApiError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  count('RateLimited', { limit: policy });
  return new ApiError(code, message, {
    retryAfterSeconds,
    headers: rateLimitHeaders(policy, quota, { remaining: 0, resetSeconds: retryAfterSeconds }),
  });
}
