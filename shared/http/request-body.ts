import type { APIGatewayProxyEvent } from 'aws-lambda';
import type * as z from 'zod';
import { ApiError, type FieldError } from '../errors.ts';
import { header } from './headers.ts';

/** Contract §2. */
const MAX_BODY_BYTES = 64 * 1024;
/** A pointer names the field, and an unknown field's name is the caller's text: long enough to find it, no longer. */
const MAX_POINTER_LENGTH = 200;
/** More would only hide the first. */
const MAX_ERRORS = 20;

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
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidRequest(parsed.error.issues.flatMap((issue) => toFieldErrors(issue, value)));
}

export function invalidRequest(errors: FieldError[]): ApiError {
  const [first] = errors;
  const detail = errors.length === 1 && first ? first.message : `${errors.length} fields of the request are not valid.`;
  return new ApiError('invalid_request', detail, { errors: errors.slice(0, MAX_ERRORS) });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const errors = [{ pointer: '', code: 'invalid_json', message: 'The request body is not valid JSON.' }];
    throw new ApiError('invalid_request', 'The request body is not valid JSON.', { errors }, { cause });
  }
}

function toFieldErrors(issue: z.core.$ZodIssue, body: unknown): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointer([...issue.path, key]),
      code: 'unknown_field',
      message: 'This field is not known here.',
    }));
  }
  const isMissing = issue.path.length > 0 && valueAt(body, issue.path) === undefined;
  return [
    isMissing
      ? { pointer: pointer(issue.path), code: 'required', message: 'This field is required.' }
      : { pointer: pointer(issue.path), code: issue.code, message: issue.message },
  ];
}

/** RFC 6901. */
const pointer = (path: readonly PropertyKey[]): string =>
  path
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
    .slice(0, MAX_POINTER_LENGTH);

const valueAt = (body: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], body);
