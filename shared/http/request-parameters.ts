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

/** The path's parameters. API Gateway leaves some escapes as they are, and wamids end in `=`. */
export const parseParams = <T extends z.ZodType>(event: APIGatewayProxyEvent, schema: T): z.output<T> =>
  parseRequest(
    schema,
    Object.fromEntries(Object.entries(event.pathParameters ?? {}).map(([name, value]) => [name, decoded(value ?? '')])),
    ([name]) => `path:${String(name)}`,
  );

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
