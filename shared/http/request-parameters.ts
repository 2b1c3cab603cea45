import type { APIGatewayProxyEvent } from 'aws-lambda';
import type * as z from 'zod';
import { invalidRequest, parseRequest, queryPointer } from './field-errors.ts';

/**
 * The query through its schema: a parameter that is not known, or is given twice, is refused like a field of a body.
 * @throws ApiError 400 with `query:<name>` as pointer
 */
export function parseQuery<T extends z.ZodType>(event: APIGatewayProxyEvent, schema: T): z.output<T> {
  const repeated = Object.entries(event.multiValueQueryStringParameters ?? {}).find(
    ([, values]) => (values?.length ?? 0) > 1,
  );
  if (repeated) {
    throw invalidRequest([
      { pointer: queryPointer([repeated[0]]), code: 'repeated', message: 'This parameter may be given once.' },
    ]);
  }
  return parseRequest(schema, event.queryStringParameters ?? {}, queryPointer);
}

/** Of a template, the longest name there is; DynamoDB refuses keys above 2048 bytes. */
const MAX_PARAM_LENGTH = 512;

/**
 * The path's parameters. API Gateway leaves some escapes as they are, and wamids end in `=`.
 * @throws ApiError 400 with `path:<name>` as pointer
 */
export function parseParams<T extends z.ZodType>(event: APIGatewayProxyEvent, schema: T): z.output<T> {
  const given = Object.entries(event.pathParameters ?? {}).map(
    ([name, value]) => [name, decoded(value ?? '')] as const,
  );
  const pointer = ([name]: readonly PropertyKey[]): string => `path:${String(name)}`;
  const tooLong = given.find(([, value]) => value.length > MAX_PARAM_LENGTH);
  if (tooLong) {
    const message = `This may have ${MAX_PARAM_LENGTH} characters at most.`;
    throw invalidRequest([{ pointer: pointer(tooLong), code: 'too_big', message }]);
  }
  return parseRequest(schema, Object.fromEntries(given), pointer);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
