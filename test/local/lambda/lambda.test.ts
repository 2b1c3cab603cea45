import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { InvocationRefused } from '../../../local/lambda/lambda.ts';
import { eventually, type LambdaFixture, startLambda } from './function-fixture.ts';

let fixture: LambdaFixture;
beforeEach(() => {
  fixture = startLambda();
});
afterEach(() => fixture.stop());

const invoke = (name: string, payload: unknown = {}) => fixture.lambda.invoke(name, payload);

describe('a function', () => {
  test('gets the event, and its answer comes back as JSON', async () => {
    fixture.add('echo', 'export const handler = async (event) => ({ event, gone: undefined, date: new Date(0) })');
    expect(await invoke('echo', { a: 1 })).toEqual({ payload: { event: { a: 1 }, date: '1970-01-01T00:00:00.000Z' } });
  });

  test('answers null when it returns nothing', async () => {
    fixture.add('silent', 'export const handler = async () => {}');
    expect(await invoke('silent')).toEqual({ payload: null });
  });

  test('is found by its ARN', async () => {
    fixture.add('echo', 'export const handler = async (event) => event');
    expect(await invoke('arn:aws:lambda:eu-central-1:111111111111:function:echo', 5)).toEqual({ payload: 5 });
  });

  test('has the whole context', async () => {
    const source = `export const handler = async (_event, context) =>
      ({ ...context, remaining: context.getRemainingTimeInMillis() })`;
    fixture.add('context', source);
    const result = await invoke('context');
    expect(result).toEqual({
      payload: {
        callbackWaitsForEmptyEventLoop: true,
        functionName: 'context',
        functionVersion: '$LATEST',
        invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111111111111:function:context',
        memoryLimitInMB: '128',
        awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        logGroupName: '/aws/lambda/context',
        logStreamName: 'local',
        remaining: expect.any(Number),
      },
    });
    const { remaining } = (result as { payload: { remaining: number } }).payload;
    expect(remaining).toBeGreaterThan(2000);
    expect(remaining).toBeLessThanOrEqual(3000);
  });

  test('has its own environment: what Lambda gives, its variables, and nothing of this process', async () => {
    process.env.LEAKED_FROM_THE_STACK = 'yes';
    fixture.add('env', 'export const handler = async () => ({ ...process.env })', { variables: { TABLE: 't' } });
    fixture.add('other', 'process.env.TABLE = "changed"; export const handler = async () => 1');
    await invoke('other');
    const result = await invoke('env');
    delete process.env.LEAKED_FROM_THE_STACK;
    expect(result).toMatchObject({
      payload: {
        TABLE: 't',
        AWS_ACCESS_KEY_ID: 'local-env',
        AWS_REGION: 'eu-central-1',
        AWS_ENDPOINT_URL: 'http://127.0.0.1:4512',
        AWS_LAMBDA_FUNCTION_NAME: 'env',
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      },
    });
    expect(JSON.stringify(result)).not.toMatch(/LEAKED|"HOME"|"USER"/);
  });

  test('writes what it prints to its own log file', async () => {
    fixture.add('talk', 'export const handler = async () => { console.log("out"); console.error("err"); }');
    await invoke('talk');
    expect(readFileSync(path.join(fixture.directory, 'logs', 'talk.log'), 'utf8')).toBe('out\nerr\n');
  });
});

describe('time inside a function', () => {
  const source = `const started = Date.now();
    export const handler = async () => ({
      now: Date.now(), date: new Date().getTime(), text: Date(), started,
      instance: new Date() instanceof Date, other: new Date(2020, 1, 3).getDate(), utc: Date.UTC(2020, 0),
      sub: new (class Later extends Date {})().getTime(), constructor: new Date().constructor === Date,
    })`;

  test('follows the virtual clock, in every way that Date tells it', async () => {
    fixture.add('time', source);
    fixture.clock.advance(25 * 3_600_000);
    const { payload } = (await invoke('time')) as { payload: Record<string, number | string | boolean> };
    const now = fixture.clock.now();
    for (const name of ['now', 'date', 'sub', 'started']) {
      expect(payload[name]).toBeLessThanOrEqual(now);
      expect(payload[name]).toBeGreaterThan(now - 3000);
    }
    expect(new Date(String(payload.text)).getTime()).toBeGreaterThan(now - 4000);
    expect(payload).toMatchObject({ instance: true, other: 3, utc: Date.UTC(2020, 0), constructor: true });
  });

  test('changes in an environment that is already running', async () => {
    fixture.add('time', source);
    const before = (await invoke('time')) as { payload: { now: number } };
    fixture.clock.advance(3_600_000);
    const after = (await invoke('time')) as { payload: { now: number } };
    expect(after.payload.now - before.payload.now).toBeGreaterThanOrEqual(3_600_000);
    fixture.clock.setScale(1000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const scaled = (await invoke('time')) as { payload: { now: number } };
    expect(scaled.payload.now - after.payload.now).toBeGreaterThanOrEqual(50_000);
  });

  test('is never before the moment of the timer that started it', async () => {
    fixture.add('time', 'export const handler = async () => Date.now()');
    await invoke('time');
    const due = fixture.clock.now() + 60_000;
    const result = new Promise<unknown>((resolve) => {
      fixture.clock.setTimeout(() => void invoke('time').then(resolve), 60_000);
    });
    fixture.clock.advance(60_000);
    expect(((await result) as { payload: number }).payload).toBeGreaterThanOrEqual(due);
  });
});

describe('an invocation that goes wrong', () => {
  test('an error thrown comes back with type, message and trace, and the environment is used again', async () => {
    fixture.add(
      'throws',
      'let n = 0; export const handler = async () => { n += 1; if (n === 1) throw new TypeError("no"); return n; }',
    );
    expect(await invoke('throws')).toEqual({
      error: { errorType: 'TypeError', errorMessage: 'no', trace: expect.arrayContaining(['TypeError: no']) },
    });
    expect(await invoke('throws')).toEqual({ payload: 2 });
  });

  test('a timeout is worded as AWS does and costs the environment', async () => {
    const source =
      'let n = 0; export const handler = async (ms) => { n += 1; await new Promise((r) => setTimeout(r, ms)); return n; }';
    fixture.add('slow', source, { timeoutSeconds: 1 });
    expect(await invoke('slow', 5000)).toEqual({
      error: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/),
      },
    });
    expect(await invoke('slow', 0)).toEqual({ payload: 1 });
    expect(fixture.lambda.counters().slow).toMatchObject({ invocations: 2, coldStarts: 2, errors: 1 });
  });

  test('a busy loop is timed out too', async () => {
    fixture.add('loop', 'export const handler = async () => { for (;;); }', { timeoutSeconds: 1 });
    expect(await invoke('loop')).toMatchObject({ error: { errorType: 'Sandbox.Timedout' } });
  });

  test.each([
    ['process.exit(1)', 'Runtime exited with error: exit status 1'],
    ['process.exit(0)', 'Runtime exited without providing a reason'],
  ])('%s is Runtime.ExitError, and the next one starts fresh', async (statement, message) => {
    fixture.add(
      'exits',
      `let n = 0; export const handler = async (exit) => { n += 1; if (exit) ${statement}; return n; }`,
    );
    expect(await invoke('exits', true)).toEqual({
      error: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining(message) },
    });
    expect(await invoke('exits', false)).toEqual({ payload: 1 });
  });

  test('memory over the limit ends the environment, not the stack', async () => {
    const source =
      'export const handler = async () => { const all = []; for (;;) all.push(new Array(100000).fill(Math.random())); }';
    fixture.add('hungry', source, { memoryMb: 32, timeoutSeconds: 30 });
    expect(await invoke('hungry')).toMatchObject({
      error: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('signal: killed') },
    });
  });

  test('an error outside of the handler ends the environment', async () => {
    const source = `let n = 0; export const handler = async (late) => {
      n += 1; if (late) { setImmediate(() => { throw new Error('late'); }); await new Promise(() => {}); } return n; }`;
    fixture.add('late', source);
    expect(await invoke('late', true)).toMatchObject({ error: { errorType: 'Error', errorMessage: 'late' } });
    expect(await invoke('late', false)).toEqual({ payload: 1 });
  });

  test('an error while the module loads is the error of the invocation, each time', async () => {
    fixture.add('broken', 'throw new Error("Environment variables missing or wrong: X")');
    for (const _attempt of [1, 2]) {
      expect(await invoke('broken')).toMatchObject({
        error: { errorType: 'Error', errorMessage: expect.stringContaining('missing') },
      });
    }
    expect(fixture.lambda.counters().broken).toMatchObject({ coldStarts: 2, errors: 2, environments: 0 });
  });

  test('a handler that is not there is Runtime.HandlerNotFound', async () => {
    fixture.add('nobody', 'export const other = 1');
    expect(await invoke('nobody')).toMatchObject({ error: { errorType: 'Runtime.HandlerNotFound' } });
  });

  test('an answer that is no JSON is Runtime.MarshalError', async () => {
    fixture.add('bigint', 'export const handler = async () => 1n');
    expect(await invoke('bigint')).toMatchObject({ error: { errorType: 'Runtime.MarshalError' } });
  });
});

describe('limits', () => {
  test('a function that is not there is refused', async () => {
    await expect(invoke('nobody')).rejects.toMatchObject({ name: 'Lambda.ResourceNotFoundException', status: 404 });
  });

  test('more than the reserved concurrency is throttled', async () => {
    fixture.add('narrow', 'export const handler = async () => new Promise((r) => setTimeout(() => r(1), 100))', {
      reservedConcurrency: 2,
    });
    const results = await Promise.allSettled([invoke('narrow'), invoke('narrow'), invoke('narrow')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(results[2]).toMatchObject({ reason: { name: 'Lambda.TooManyRequestsException', status: 429 } });
    expect(results[2]).toMatchObject({ reason: expect.any(InvocationRefused) });
    expect(fixture.lambda.counters().narrow).toMatchObject({ invocations: 2, throttles: 1 });
  });

  test('payloads over 6 MB are refused in and reported out', async () => {
    fixture.add('big', 'export const handler = async (n) => "x".repeat(n)');
    await expect(invoke('big', 'x'.repeat(6 * 1024 * 1024))).rejects.toMatchObject({ status: 413 });
    expect(await invoke('big', 6 * 1024 * 1024)).toMatchObject({
      error: { errorType: 'Function.ResponseSizeTooLarge' },
    });
  });
});

describe('environments', () => {
  const counting =
    'let n = 0; export const handler = async (ms) => { n += 1; await new Promise((r) => setTimeout(r, ms)); return n; }';

  test('handle one event at a time, and grow with the concurrency', async () => {
    fixture.add('count', counting);
    const results = await Promise.all([invoke('count', 1500), invoke('count', 1500), invoke('count', 1500)]);
    expect(results).toEqual([{ payload: 1 }, { payload: 1 }, { payload: 1 }]);
    expect(fixture.lambda.counters().count).toMatchObject({ coldStarts: 3, environments: 3 });
    await invoke('count', 0);
    expect(fixture.lambda.counters().count).toMatchObject({ coldStarts: 3 });
  });

  test('never more than the machine may have: others wait', async () => {
    const small = startLambda({ maxEnvironments: 1 });
    small.add('count', counting);
    const results = await Promise.all([small.lambda.invoke('count', 20), small.lambda.invoke('count', 20)]);
    expect(results).toEqual([{ payload: 1 }, { payload: 2 }]);
    await small.stop();
  });

  test('killed ones fail their invocation with Runtime.ExitError; the next one starts cold', async () => {
    fixture.add('count', counting, { timeoutSeconds: 30 });
    await invoke('count', 0);
    const running = invoke('count', 20_000);
    await eventually(() => fixture.lambda.counters().count!.running === 1);
    expect(await fixture.lambda.killRunning('count')).toBe(1);
    expect(await running).toMatchObject({ error: { errorType: 'Runtime.ExitError' } });
    expect(await invoke('count', 0)).toEqual({ payload: 1 });
    expect(await fixture.lambda.killEnvironments('count')).toBe(1);
    expect(await invoke('count', 0)).toEqual({ payload: 1 });
  });
});
