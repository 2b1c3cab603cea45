import { ApiError } from '../errors.ts';
import { problemDocument } from './problem.ts';
import { type ApiResponse, json } from './response.ts';

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** The one place where an error becomes an answer. What is not an ApiError is ours: 503, and nothing of it leaves. */
export function errorResponse(
  error: unknown,
  at: { docsUrl: string; instance: string; requestId: string },
): ApiResponse {
  const known = error instanceof ApiError ? error : new ApiError('unavailable', 'The request could not be completed.');
  const { headers, ...details } = known.details;
  const problem = problemDocument(at.docsUrl, known.code, {
    detail: known.message,
    instance: at.instance,
    requestId: at.requestId,
    ...details,
  });
  const retryAfter = problem.retry_after_seconds;
  return json(problem.status, problem, {
    ...headers,
    ...(retryAfter === null ? {} : { 'Retry-After': String(retryAfter) }),
  });
}
