import type { APIGatewayProxyEvent } from 'aws-lambda';
import { ApiError } from '../errors.ts';
import { header } from './headers.ts';

const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/;

/** The `Idempotency-Key` header, null when absent. @throws ApiError 400 when it is not 1–255 visible ASCII characters */
export function readIdempotencyKey(event: APIGatewayProxyEvent): string | null {
  const key = header(event, 'idempotency-key');
  if (key === undefined) return null;
  if (VISIBLE_ASCII.test(key)) return key;
  const message = 'The Idempotency-Key is not 1–255 visible ASCII characters.';
  throw new ApiError('invalid_request', message, {
    errors: [{ pointer: 'header:Idempotency-Key', code: 'invalid_format', message }],
  });
}
