import vm from 'node:vm';
import * as z from 'zod';

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html */
const Headers = z.record(z.string(), z.strictObject({ value: z.string() }));
const Returned = z.union([
  z.strictObject({
    statusCode: z.int(),
    statusDescription: z.string().optional(),
    headers: Headers.default({}),
    body: z.strictObject({ encoding: z.literal('text'), data: z.string() }).optional(),
  }),
  z.looseObject({ method: z.string(), uri: z.string().startsWith('/') }),
]);

/** The address of the file to look for, or the answer to give at once. */
export type Viewed = { uri: string } | { status: number; headers: Record<string, string>; body?: string };

export type ViewerFunction = (request: { method: string; uri: string }) => Viewed;

/**
 * A function of CloudFront's for viewer requests.
 * @throws when its code does not define `handler`
 */
export function viewerFunction(name: string, code: string): ViewerFunction {
  const context = vm.createContext({});
  vm.runInContext(code, context, { filename: name });
  if (vm.runInContext('typeof handler', context) !== 'function') throw new Error(`${name} has no function handler`);
  return ({ method, uri }) => {
    const event = { version: '1.0', request: { method, uri, querystring: {}, headers: {}, cookies: {} } };
    // Back and forth as text: objects of another context are not what the schema takes for objects.
    const call = `JSON.stringify(handler(${JSON.stringify(event)}))`;
    const returned = Returned.parse(JSON.parse(z.string().parse(vm.runInContext(call, context))));
    if ('uri' in returned) return { uri: z.string().parse(returned.uri) };
    const { statusCode, headers, body } = returned as Exclude<typeof returned, { uri: unknown }>;
    const plain = Object.entries(Headers.parse(headers)).map(([header, { value }]) => [header, value]);
    return { status: z.int().parse(statusCode), headers: Object.fromEntries(plain), ...(body && { body: body.data }) };
  };
}
