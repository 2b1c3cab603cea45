import type { APIGatewayProxyEvent } from 'aws-lambda';

/** A header by its name in any case; API Gateway passes on the case the client used. @returns undefined when absent */
export function header(event: APIGatewayProxyEvent, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const [key, value] of Object.entries(event.headers ?? {})) if (key.toLowerCase() === wanted) return value;
  return undefined;
}
