import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import * as z from 'zod';
import { LadderEnded, LoopEnded } from '../../shared/webhooks/ladder-ended.ts';
import { MAX_ATTEMPTS, nextDelaySeconds, RETRY_DELAYS_SECONDS } from '../../shared/webhooks/retry-schedule.ts';
import { rawResources, synthesized } from './synthesized.ts';

/** It has no types of its own. */
const validateAsl = createRequire(import.meta.url)('asl-validator') as (definition: unknown) => {
  isValid: boolean;
  errorsText(): string;
};

const Rule = z.looseObject({ ErrorEquals: z.array(z.string()), MaxAttempts: z.number().optional() });
const State = z.looseObject({
  Type: z.string(),
  Next: z.string().optional(),
  Retry: z.array(Rule).optional(),
  Catch: z.array(z.object({ ErrorEquals: z.array(z.string()), Next: z.string() })).optional(),
});
const Definition = z.looseObject({
  QueryLanguage: z.literal('JSONata'),
  StartAt: z.string(),
  TimeoutSeconds: z.number(),
  States: z.record(z.string(), State),
});

const prod = synthesized('prod');
const machines = prod.deployment.of('AWS::StepFunctions::StateMachine');
const ladder = machines.find(({ name }) => name === 'quixess-prod-retry-ladder');
const definition = Definition.parse(JSON.parse(ladder!.properties.DefinitionString));
const ended = new LadderEnded('delivered').name;

/** The states entered, each a transition that is paid for, when the worker asks for so many waits and then ends. */
function statesEntered(attempts: number): string[] {
  const entered = ['start'];
  let left = attempts;
  for (let name: string | undefined = definition.StartAt; name !== undefined; ) {
    entered.push(name);
    const state: z.output<typeof State> = definition.States[name]!;
    if (state.Type === 'Task') left -= 1;
    const isCaught = state.Type === 'Task' && left === 0;
    name = isCaught ? state.Catch?.find(({ ErrorEquals }) => ErrorEquals.includes(ended))?.Next : state.Next;
  }
  return entered;
}

test.each(machines.map(({ name, properties }) => [name, properties.DefinitionString]))('%s is valid', (_name, text) => {
  const result = validateAsl(JSON.parse(text));
  expect(result.isValid ? 'valid' : result.errorsText()).toBe('valid');
});

test('a whole ladder takes at most 17 transitions', () => {
  // The first attempt is made from the queue, before there is a ladder.
  const entered = statesEntered(MAX_ATTEMPTS - 1);
  expect(entered.filter((name) => name === 'Attempt')).toHaveLength(RETRY_DELAYS_SECONDS.length);
  expect(entered.at(-1)).toBe('Ended');
  expect(entered.length).toBeLessThanOrEqual(17);
});

test('the end of a ladder is not retried, and our own faults are, for hours', () => {
  const { Retry = [], Catch = [] } = definition.States.Attempt!;
  expect(Retry[0]).toEqual({ ErrorEquals: [ended], MaxAttempts: 0 });
  expect(Retry.at(-1)?.ErrorEquals).toEqual(['States.ALL']);
  for (const { MaxAttempts } of Retry.slice(1)) expect(MaxAttempts).toBeGreaterThanOrEqual(100);
  expect(Catch.map(({ ErrorEquals }) => ErrorEquals)).toEqual([[ended]]);
});

test('it outlives the longest ladder an endpoint can ask for', () => {
  const longest = RETRY_DELAYS_SECONDS.map((_, index) => nextDelaySeconds(index + 1, Number.MAX_SAFE_INTEGER, 0.999)!);
  const seconds = longest.reduce((sum, wait) => sum + wait, 0);
  expect(seconds).toBeGreaterThan(40 * 3600);
  expect(definition.TimeoutSeconds).toBeGreaterThan(seconds + 24 * 3600);
});

test.each([
  ['RETRY_LADDER_ARN', 'retry-ladder', 'deliver-event', 'retry-event'],
  ['RETRY_LADDER_ARN', 'retry-ladder', 'retry-event', 'retry-event'],
  ['ENDPOINT_WATCH_ARN', 'endpoint-watch', 'deliver-event', 'watch-endpoint'],
  ['ENDPOINT_WATCH_ARN', 'endpoint-watch', 'retry-event', 'watch-endpoint'],
  ['ENDPOINT_WATCH_ARN', 'endpoint-watch', 'watch-endpoint', 'watch-endpoint'],
])('%s of %s, as %s starts it, is deployed and calls %s', (variable, machineName, starter, worker) => {
  const functions = prod.deployment.of('AWS::Lambda::Function');
  const named = (name: string) => functions.find(({ friendlyName }) => friendlyName === name)!;
  const machine = machines.find(({ name }) => name === `quixess-prod-${machineName}`)!;
  expect(named(starter).properties.Environment?.Variables[variable]).toBe(machine.arn);
  expect(Definition.parse(JSON.parse(machine.properties.DefinitionString)).States.Attempt).toMatchObject({
    Arguments: { FunctionName: named(worker).arn },
  });
});

test('a watch and a recovery end by an error of their own, which is not retried', () => {
  const loopEnded = new LoopEnded('done').name;
  for (const name of ['endpoint-watch', 'event-recovery']) {
    const machine = machines.find((one) => one.name === `quixess-prod-${name}`)!;
    const { Retry = [], Catch = [] } = Definition.parse(JSON.parse(machine.properties.DefinitionString)).States
      .Attempt!;
    expect(Retry[0]).toEqual({ ErrorEquals: [loopEnded], MaxAttempts: 0 });
    expect(Catch.map(({ ErrorEquals }) => ErrorEquals)).toEqual([[loopEnded]]);
  }
});

test.each(['retry-ladder', 'endpoint-watch', 'event-recovery'])('a broken %s fires an alarm', (name) => {
  const alarms = rawResources(prod, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties!);
  const broken = alarms.find(({ AlarmName }) => AlarmName === `quixess-prod-${name}-broken`);
  for (const metric of ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted']) {
    expect(JSON.stringify(broken)).toContain(metric);
  }
});
