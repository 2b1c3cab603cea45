import type { APIGatewayProxyResult } from 'aws-lambda';
import type * as z from 'zod';

/** What a piece of work answers: the body is text, so that an idempotent replay can be the first answer byte for byte. */
export type ApiResponse = { statusCode: number; headers?: Record<string, string>; body: string };

export const json = (statusCode: number, value: unknown, headers?: Record<string, string>): ApiResponse => ({
  statusCode,
  ...(headers ? { headers } : {}),
  body: JSON.stringify(value),
});

/** An answer through its schema: what the schema does not name does not leave. @throws when a field is missing or wrong */
export const answer = <T extends z.ZodType>(
  statusCode: number,
  schema: T,
  value: z.input<T>,
  headers?: Record<string, string>,
): ApiResponse => json(statusCode, schema.parse(value), headers);

export const toGatewayResult = (
  response: ApiResponse,
  contentType: string,
  requestId: string,
): APIGatewayProxyResult => ({
  statusCode: response.statusCode,
  headers: {
    'Content-Type': contentType,
    'Cache-Control': 'no-store',
    'X-Request-Id': requestId,
    ...response.headers,
  },
  body: response.body,
});
