import type * as z from 'zod';
import { ApiError, type FieldError } from '../errors.ts';

/** A pointer names the field, and an unknown field's name is the caller's text: long enough to find it, no longer. */
const MAX_POINTER_LENGTH = 200;
/** More would only hide the first. */
const MAX_ERRORS = 20;

export function invalidRequest(errors: FieldError[]): ApiError {
  const [first] = errors;
  const detail = errors.length === 1 && first ? first.message : `${errors.length} fields of the request are not valid.`;
  return new ApiError('invalid_request', detail, { errors: errors.slice(0, MAX_ERRORS) });
}

/** How the place of a fault is written: RFC 6901 for bodies, `query:name` for the query. */
export type PointerOf = (path: readonly PropertyKey[]) => string;

export const bodyPointer: PointerOf = (path) =>
  path
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
    .slice(0, MAX_POINTER_LENGTH);

export const queryPointer: PointerOf = ([name]) => `query:${String(name)}`.slice(0, MAX_POINTER_LENGTH);

/**
 * Parses with a schema.
 * @throws ApiError 400 with one entry in `errors` for every field that is wrong
 */
export function parseRequest<T extends z.ZodType>(schema: T, value: unknown, pointerOf: PointerOf): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidRequest(parsed.error.issues.flatMap((issue) => toFieldErrors(issue, value, pointerOf)));
}

function toFieldErrors(issue: z.core.$ZodIssue, value: unknown, pointerOf: PointerOf): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointerOf([...issue.path, key]),
      code: 'unknown_field',
      message: 'This field is not known here.',
    }));
  }
  const isMissing = issue.path.length > 0 && issue.code !== 'custom' && valueAt(value, issue.path) === undefined;
  return [
    isMissing
      ? { pointer: pointerOf(issue.path), code: 'required', message: 'This field is required.' }
      : { pointer: pointerOf(issue.path), code: issue.code, message: issue.message },
  ];
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
