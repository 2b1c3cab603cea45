import type { APIGatewayProxyEvent } from 'aws-lambda';
import type * as z from 'zod';
import { ApiError } from '../errors.ts';
import { bodyPointer, parseRequest } from './field-errors.ts';
import { header } from './headers.ts';

/** Contract §2. */
const MAX_BODY_BYTES = 64 * 1024;
/** Meta's deepest message has nine levels. What is nested deeper would only be work, or the end of our stack. */
const MAX_DEPTH = 32;

/**
 * The body through its schema.
 * @throws ApiError 413, 415 or 400 with one entry in `errors` for every field that is wrong
 */
export function parseBody<T extends z.ZodType>(event: APIGatewayProxyEvent, schema: T): z.output<T> {
  const text = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString('utf8') : (event.body ?? '');
  if (Buffer.byteLength(text) > MAX_BODY_BYTES) {
    throw new ApiError('payload_too_large', 'The request body is larger than 64 KiB.');
  }
  const contentType = header(event, 'content-type') ?? '';
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType)) {
    throw new ApiError('unsupported_media_type', 'The Content-Type of the request is not application/json.');
  }
  const value = parseJson(text);
  if (isDeeper(value, MAX_DEPTH)) throw unreadable('too_deep', `The JSON is nested deeper than ${MAX_DEPTH} levels.`);
  return parseRequest(schema, value, bodyPointer);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable('invalid_json', 'The request body is not valid JSON.', cause);
  }
}

const unreadable = (code: string, message: string, cause?: unknown): ApiError =>
  new ApiError('invalid_request', message, { errors: [{ pointer: '', code, message }] }, { cause });

/** Goes no deeper than it allows, whatever comes. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
