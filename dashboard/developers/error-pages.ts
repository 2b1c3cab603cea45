import { API_ERRORS, type ErrorCode } from '../../shared/error-codes.ts';
import type { ApiReference, Endpoint } from './document.ts';

export type ErrorPage = {
  code: ErrorCode;
  status: number;
  title: string;
  fix: string;
  retryable: boolean;
  example: string;
  endpoints: Endpoint[];
};

/** One for each row of the error table, in its order. */
export const errorPages = ({ endpoints, problems }: ApiReference): ErrorPage[] =>
  (Object.keys(API_ERRORS) as ErrorCode[]).map((code) => {
    const { status, title, fix, retryable } = API_ERRORS[code];
    return {
      code,
      status,
      title,
      fix,
      retryable,
      example: JSON.stringify(problems.get(code), null, 2),
      endpoints: endpoints.filter(({ errors }) => errors.includes(code)),
    };
  });

/** What the words do not say: whether sending it again helps, and how. */
export function retrying({ code, retryable }: ErrorPage): string {
  const seconds = API_ERRORS[code].retryAfterSeconds;
  if (!retryable) return 'No. The same request will be refused again: change it first.';
  const wait = seconds === undefined ? 'after a while' : `after \`Retry-After\` (here ${seconds} s)`;
  return `Yes, ${wait}. Use the same \`Idempotency-Key\`: nothing is sent twice.`;
}
