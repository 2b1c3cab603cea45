import { API_ERRORS, type ErrorCode } from '../error-codes.ts';
import type { FieldError, ReportedStep } from '../errors.ts';

/** RFC 9457 problem document, flat; the same from every layer: contract §3. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  detail: string;
  instance: string;
  request_id: string;
  retryable: boolean;
  retry_after_seconds: number | null;
  fix: string;
  errors: FieldError[];
  whatsapp_error?: { error: unknown };
  steps?: readonly ReportedStep[];
};

type Occurrence = {
  detail: string;
  instance: string;
  requestId: string;
  errors?: FieldError[];
  retryable?: boolean;
  retryAfterSeconds?: number;
  fix?: string;
  whatsappError?: { error: unknown };
  steps?: readonly ReportedStep[];
};

/**
 * The document for one occurrence of an error. API Gateway's own refusals are made by the same function, with
 * `$context` variables as instance and request id.
 * @param docsUrl prefix of `type`, without a slash at the end
 */
export function problemDocument(docsUrl: string, code: ErrorCode, occurrence: Occurrence): Problem {
  const row = API_ERRORS[code];
  return {
    type: `${docsUrl}/${code}`,
    title: row.title,
    status: row.status,
    code,
    detail: occurrence.detail,
    instance: occurrence.instance,
    request_id: occurrence.requestId,
    retryable: occurrence.retryable ?? row.retryable,
    retry_after_seconds: occurrence.retryAfterSeconds ?? row.retryAfterSeconds ?? null,
    fix: occurrence.fix ?? row.fix,
    errors: occurrence.errors ?? [],
    ...(occurrence.whatsappError ? { whatsapp_error: occurrence.whatsappError } : {}),
    ...(occurrence.steps ? { steps: occurrence.steps } : {}),
  };
}
