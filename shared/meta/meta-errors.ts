import * as z from 'zod';
import type { MessageError } from '../store/message.ts';

/** Meta's error object (meta-cloud-api §1.2). Everything beyond `code` may be absent, and more may come. */
export const MetaError = z.looseObject({ code: z.number(), message: z.string().optional() });
export type MetaError = z.output<typeof MetaError>;
export const MetaErrorBody = z.looseObject({ error: MetaError });

type Throttle = { scope: 'pair' | 'sender' | 'app'; retryAfterSeconds: number };

/**
 * Meta's throttles: nothing was sent, and the same request may work later (meta-cloud-api §1.3, §1.4).
 * 131056 asks for 4^n s, and one message in 6 s is what the pair limit lets through; the hourly limits of app and WABA
 * name no time of their own.
 */
const THROTTLES: Readonly<Record<number, Throttle>> = {
  4: { scope: 'app', retryAfterSeconds: 60 },
  80007: { scope: 'app', retryAfterSeconds: 60 },
  130429: { scope: 'sender', retryAfterSeconds: 1 },
  131056: { scope: 'pair', retryAfterSeconds: 6 },
};

/** May pass when sent again (meta-cloud-api §1.4, transient and conditional). */
const TRANSIENT: ReadonlySet<number> = new Set([1, 2, 131000, 131016, 131053, 131057, 133004, 134101]);

/** The token has expired or was taken back: nothing works until there is another (meta-cloud-api §6). */
export const isDeadToken = ({ code }: MetaError): boolean => code === 0 || code === 190;

export const throttleOf = (code: number): Throttle | null => THROTTLES[code] ?? null;

export const isRetryableMetaError = (code: number): boolean => code in THROTTLES || TRANSIENT.has(code);

/** Meta's error as history and events show it; webhooks and answers spell it differently (meta-cloud-api §1.2). */
export function toMessageError(error: MetaError): MessageError {
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  const data = error.error_data;
  const details = typeof data === 'object' && data !== null && 'details' in data ? data.details : data;
  return {
    code: error.code,
    title: text(error.title),
    message: text(error.message),
    details: text(details ?? error.details),
    retryable: isRetryableMetaError(error.code),
  };
}

/** The errors of a webhook's list; what is no error of Meta's is left out. */
export function toMessageErrors(list: readonly unknown[] | undefined): MessageError[] {
  return (list ?? []).flatMap((raw) => {
    const error = MetaError.safeParse(raw).data;
    return error && Number.isSafeInteger(error.code) ? [toMessageError(error)] : [];
  });
}
