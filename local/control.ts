import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import * as z from 'zod';
import { InvocationRefused } from './lambda/lambda.ts';
import { listen } from './ports.ts';
import type { LocalStack } from './stack.ts';

const Scale = z.strictObject({ scale: z.number().min(0).finite() });
const Advance = z.strictObject({ seconds: z.number().min(0).finite() });
const TokenFor = z.strictObject({ email: z.email() });
const Kill = z.strictObject({ only: z.literal('running').optional() });

const BreakpointBody = z.strictObject({
  function: z.string(),
  containing: z.string(),
  write: z.int().positive(),
  when: z.enum(['before', 'after']),
});

type Answer = { status: number; body: unknown };
type Handler = (parameters: Record<string, string>, body: unknown) => Answer | Promise<Answer>;

const ok = (body: unknown): Answer => ({ status: 200, body });

/**
 * The control server, for people, tests and drills: time, what is going on, and breaking things on purpose.
 * @returns its URL and what stops it
 */
export async function startControl(stack: LocalStack, port: number): Promise<{ url: string; stop(): Promise<void> }> {
  const routes = controlRoutes(stack);
  const server = createServer((request, response) => {
    answer(routes, request).then(
      (result) => send(response, result),
      (error: unknown) => send(response, toAnswer(error)),
    );
  });
  const url = await listen(server, port);
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, stop };
}

function controlRoutes(stack: LocalStack): Record<string, Handler> {
  const { clock, aws, lambda, api, identity } = stack;
  const clockState = () => ({ now: new Date(clock.now()).toISOString(), scale: clock.scale });
  return {
    'GET /health': () => ok(health(stack)),
    'PUT /clock': (_parameters, body) => {
      clock.setScale(Scale.parse(body).scale);
      return ok(clockState());
    },
    'POST /clock/advance': (_parameters, body) => {
      clock.advance(Advance.parse(body).seconds * 1000);
      return ok(clockState());
    },
    'GET /calls': () => ok(aws.calls.snapshot()),
    'DELETE /calls': () => {
      aws.calls.reset();
      return { status: 204, body: undefined };
    },
    'PUT /breakpoint': (_parameters, body) => {
      aws.breakpoint.set(BreakpointBody.parse(body));
      return { status: 204, body: undefined };
    },
    'GET /breakpoint': () => ok({ is_hit: aws.breakpoint.isHit() }),
    'DELETE /breakpoint': () => {
      aws.breakpoint.set(undefined);
      return { status: 204, body: undefined };
    },
    'GET /executions': () => ok(aws.stepFunctions.stats()),
    'GET /functions': () => ok(lambda.counters()),
    'POST /functions/{name}/kill': async ({ name = '' }, body) => {
      const isOnlyRunning = Kill.parse(body ?? {}).only === 'running';
      return ok({ killed: await (isOnlyRunning ? lambda.killRunning(name) : lambda.killEnvironments(name)) });
    },
    'POST /tokens': async (_parameters, body) => {
      const { email } = TokenFor.parse(body);
      if (!identity) return { status: 404, body: { error: 'The templates have no user pool.' } };
      return ok({ access_token: await identity.tokenFor(email) });
    },
    'POST /authorizer-cache/flush': () => {
      api.flushAuthorizerCache();
      return { status: 204, body: undefined };
    },
  };
}

/** Each part with where it listens, and what is under way. */
function health({ clock, aws, lambda, api, edge, identity, dynamodb, meta, receiver, queues }: LocalStack) {
  return {
    status: 'ok',
    clock: { now: new Date(clock.now()).toISOString(), scale: clock.scale },
    parts: {
      api: api.url,
      edge: edge.url,
      identity: identity?.issuer,
      aws: aws.url,
      dynamodb: dynamodb.url,
      meta_simulator: meta.url,
      tenant_receiver: receiver.origin,
    },
    queues: Object.fromEntries(
      Object.entries(queues).map(([name, url]) => {
        const { visible, inFlight, delayed } = aws.sqs.counts(url.split('/').at(-1) ?? '');
        return [name, { visible, in_flight: inFlight, delayed }];
      }),
    ),
    executions: aws.stepFunctions.stats(),
    functions: lambda.counters(),
  };
}

async function answer(routes: Record<string, Handler>, request: IncomingMessage): Promise<Answer> {
  const pathname = new URL(request.url ?? '/', 'http://control').pathname;
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  for (const [route, handler] of Object.entries(routes)) {
    const [method, path = ''] = route.split(' ');
    const match = new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`).exec(pathname);
    if (match && method === request.method)
      return handler({ ...match.groups }, text === '' ? undefined : JSON.parse(text));
  }
  return { status: 404, body: { error: 'There is no such call.', calls: Object.keys(routes) } };
}

function toAnswer(error: unknown): Answer {
  if (error instanceof z.ZodError) return { status: 400, body: { error: z.prettifyError(error) } };
  if (error instanceof SyntaxError) return { status: 400, body: { error: 'The body is not JSON.' } };
  if (error instanceof InvocationRefused) return { status: error.status, body: { error: error.message } };
  return { status: 500, body: { error: String(error) } };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(`${JSON.stringify(body, null, 2)}\n`);
}
