import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import * as z from 'zod';
import type { Access } from './access.ts';
import type { Account } from './account.ts';
import type { Calls } from './calls.ts';
import { neededPermissions, OPERATIONS } from './dynamodb-actions.ts';
import { askForUnits, unitsOf, withoutExtras } from './dynamodb-units.ts';
import { AwsError, parseJson } from './wire.ts';

export type ProxyAnswer = { status: number; headers: IncomingHttpHeaders; body: Buffer };
type Deps = { endpoint: string; account: Account; access: Access; calls: Calls };
const Body = z.record(z.string(), z.unknown());
/** What DynamoDB looks at. It does not check the signature, which a changed body would break. */
const PASSED_HEADERS = ['content-type', 'x-amz-target', 'authorization', 'x-amz-date'];
/** Of this hop only; the rest belongs to the answer. */
const HOP_HEADERS = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date'];

/** The way to DynamoDB: checks the caller's grants, passes the request on, and counts the units it used. */
export function createDynamodbProxy({ endpoint, account, access, calls }: Deps) {
  const agent = new Agent({ keepAlive: true });

  const forward = (incoming: IncomingHttpHeaders, body: Buffer): Promise<ProxyAnswer> =>
    new Promise((resolve, reject) => {
      const passed = PASSED_HEADERS.flatMap((name) => (incoming[name] === undefined ? [] : [[name, incoming[name]]]));
      const headers = { ...Object.fromEntries(passed), 'content-length': body.length };
      const outgoing = request(endpoint, { method: 'POST', agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 500, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });

  return {
    /** @throws AccessDeniedException, UnknownOperationException, SerializationException, InternalServerError */
    async handle(
      operation: string,
      accessKeyId: string,
      headers: IncomingHttpHeaders,
      raw: Buffer,
    ): Promise<ProxyAnswer> {
      const principal = access.principal(accessKeyId);
      if (!OPERATIONS.includes(operation))
        throw new AwsError('UnknownOperationException', `not emulated by the local stack: DynamoDB ${operation}`);
      const body = Body.safeParse(parseJson(raw.toString()));
      if (!body.success) throw new AwsError('SerializationException', 'The request is not a JSON object.');
      const needs = permissions(operation, body.data, account);
      try {
        for (const { action, resource } of needs) access.authorize(accessKeyId, action, resource);
      } catch (error) {
        calls.record(principal, `dynamodb:${operation}`);
        throw error;
      }
      const asked = askForUnits(operation, body.data);
      const answer = await forward(headers, asked === body.data ? raw : Buffer.from(JSON.stringify(asked))).catch(
        (cause: Error) => {
          throw new AwsError('InternalServerError', `DynamoDB at ${endpoint} does not answer: ${cause.message}`, 500);
        },
      );
      calls.record(principal, `dynamodb:${operation}`, unitsOf(operation, body.data, answer.status, answer.body));
      const kept = Object.entries(answer.headers).filter(([name]) => !HOP_HEADERS.includes(name));
      const altered = withoutExtras(body.data, answer.status, answer.body);
      // The checksum is of the body as DynamoDB sent it.
      const passed = kept.filter(([name]) => altered === undefined || name !== 'x-amz-crc32');
      return { ...answer, headers: Object.fromEntries(passed), body: altered ?? answer.body };
    },
    stop: (): void => agent.destroy(),
  };
}

function permissions(operation: string, body: unknown, account: Account) {
  try {
    return neededPermissions(operation, body, account);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw new AwsError('ValidationException', z.prettifyError(error));
  }
}
