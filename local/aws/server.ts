import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import { createAccess } from './access.ts';
import { createApiGatewayControl, type Gateways } from './api-gateway.ts';
import { type BreakpointControl, createBreakpoint } from './breakpoint.ts';
import { type Calls, createCalls } from './calls.ts';
import { createDynamodbProxy } from './dynamodb-proxy.ts';
import { accessKeyIdOf, answer, answerError, readBody } from './http.ts';
import type { Iam } from './iam.ts';
import { createS3 } from './s3.ts';
import { createSecrets, type Secrets } from './secrets/secrets.ts';
import { createSqs, type Sqs } from './sqs/sqs.ts';
import { createStepFunctions, type StepFunctions } from './step-functions/step-functions.ts';
import type { InvokeFunction } from './step-functions/tasks.ts';
import { AwsError, type Call, type Operation, parseJson } from './wire.ts';

export type { FunctionResult, InvokeFunction } from './step-functions/tasks.ts';
export type AwsServerOptions = {
  host: '127.0.0.1';
  /** 0 takes a free one. */
  port: number;
  clock: Clock;
  database: DatabaseSync;
  account: string;
  region: string;
  iam: Iam;
  dynamodbEndpoint: string;
  invokeFunction: InvokeFunction;
  /** They start later. */
  gateways?: () => Gateways | undefined;
  /** Takes a line for each refusal and for each fault of our own. Default: standard error. */
  log?: (line: string) => void;
};
export type AwsServer = {
  url: string;
  sqs: Sqs;
  stepFunctions: StepFunctions;
  secrets: Secrets;
  s3: { expireAfter(bucket: string, days: number): void };
  calls: Calls;
  breakpoint: BreakpointControl;
  stop(): Promise<void>;
};

/** SDKs keep connections for as long as they live: closing an idle one early would reset a request under way. */
const KEEP_ALIVE_MS = 600_000;

/** Starts the emulated SQS, Step Functions, Secrets Manager, S3 and the way to DynamoDB on one port. */
export async function startAwsServer(options: AwsServerOptions): Promise<AwsServer> {
  const { clock, database, iam, host, invokeFunction, dynamodbEndpoint: endpoint, log = console.error } = options;
  const account = { account: options.account, region: options.region };
  const calls = createCalls();
  const breakpoint = createBreakpoint();
  const access = createAccess(iam, options.account, log);
  let url = '';
  const sqs = createSqs({
    database,
    clock,
    account,
    baseUrl: () => url,
    authorize: (accessKeyId, action, resource) => access.authorize(accessKeyId, action, resource),
    count: (accessKeyId, operation) => calls.record(access.principal(accessKeyId), `sqs:${operation}`),
  });
  const secrets = createSecrets({ database, clock, account });
  const stepFunctions = createStepFunctions({ database, clock, account, access, calls, invokeFunction, sqs, log });
  const dynamodb = createDynamodbProxy({ endpoint, account, access, calls });
  const services: Record<string, { prefix: string; operations: Record<string, Operation> }> = {
    AmazonSQS: { prefix: 'sqs', operations: sqs.operations },
    AWSStepFunctions: { prefix: 'states', operations: stepFunctions.operations },
    secretsmanager: { prefix: 'secretsmanager', operations: secrets.operations },
  };

  const apiGateway = createApiGatewayControl({
    ...{ account, access, calls },
    gateways: () => options.gateways?.(),
  });
  const s3 = createS3({ database, clock, access, calls });

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (apiGateway.isFor(request)) return apiGateway.handle(request, response);
    if (s3.isFor(request)) return s3.handle(request, response);
    const body = await readBody(request);
    const accessKeyId = accessKeyIdOf(request);
    const [target = '', operationName = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
    if (target === 'DynamoDB_20120810') {
      const proxied = await breakpoint.around(access.principal(accessKeyId), operationName, body, () =>
        dynamodb.handle(operationName, accessKeyId, request.headers, body),
      );
      answer(response, proxied.status, proxied.body, proxied.headers);
      return;
    }
    const service = services[target];
    const run = service && Object.hasOwn(service.operations, operationName) && service.operations[operationName];
    if (!run)
      throw new AwsError('UnknownOperationException', `not emulated by the local stack: ${target}.${operationName}`);
    const principal = access.principal(accessKeyId);
    calls.record(principal, `${service.prefix}:${operationName}`);
    const call: Call = {
      accessKeyId,
      principal,
      authorize: (action, resource) => access.authorize(accessKeyId, action, resource),
      signal: hangUpSignal(response),
    };
    answer(response, 200, JSON.stringify(await run(parseJson(body.toString()), call)));
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => answerError(response, error, log));
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, resolve);
  });
  url = `http://${host}:${(server.address() as AddressInfo).port}`;

  return {
    url,
    sqs: sqs.api,
    stepFunctions: stepFunctions.api,
    secrets: secrets.api,
    s3: { expireAfter: s3.expireAfter },
    calls,
    breakpoint,
    async stop(): Promise<void> {
      sqs.stop();
      stepFunctions.stop();
      dynamodb.stop();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

/** Aborts when the caller goes away before it has its answer. */
function hangUpSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableEnded) controller.abort();
  });
  return controller.signal;
}
