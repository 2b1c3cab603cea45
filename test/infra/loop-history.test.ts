import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MAX_TURNS } from '../../shared/webhooks/go-on.ts';
import { startAws, type TestAws } from '../local/aws/aws-fixture.ts';
import { synthesized } from './synthesized.ts';

const ROLE = 'loop-role';
/** Its developer guide, "Service quotas". */
const MAX_EVENTS = 25_000;
let aws: TestAws;
let turns: number;
/** The turn in which the loop ends. */
let last: number;

beforeEach(async () => {
  turns = 0;
  last = Number.POSITIVE_INFINITY;
  aws = await startAws({
    invokeFunction: async () => {
      turns += 1;
      return turns >= last
        ? { error: { errorType: 'LoopEnded', errorMessage: 'done' } }
        : { payload: { wait_seconds: 0 } };
    },
  });
  aws.iam.register(ROLE, ROLE, [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' }]);
});
afterEach(() => aws.stop());

/** Runs a loop as it is deployed, to its end. */
async function loop(name: string) {
  const machine = synthesized('prod')
    .deployment.of('AWS::StepFunctions::StateMachine')
    .find((one) => one.name === name);
  const definition = machine?.properties.DefinitionString;
  const stateMachineArn = aws.stepFunctions.createStateMachine({ name, roleAccessKeyId: ROLE, definition }).arn;
  const { executionArn } = aws.stepFunctions.startExecution({ stateMachineArn, input: { wait_seconds: 0 } });
  for (;;) {
    const execution = aws.stepFunctions.execution(executionArn);
    if (execution?.status !== 'RUNNING') return execution;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test.each(['quixess-prod-endpoint-watch', 'quixess-prod-event-recovery'])(
  'an execution of %s makes all its turns, with room for 2,400 retries',
  async (name) => {
    last = MAX_TURNS + 1;
    const done = await loop(name);
    expect(done).toMatchObject({ status: 'SUCCEEDED' });
    expect(turns).toBe(MAX_TURNS + 1);
    expect(done?.events).toBeLessThan(MAX_EVENTS - 2400 * 3);
  },
  60_000,
);

test('an execution whose history is full fails, whatever its time-out says, and no rule takes that', async () => {
  const done = await loop('quixess-prod-event-recovery');
  expect(done).toMatchObject({
    status: 'FAILED',
    error: 'States.Runtime',
    cause: 'The execution reached the maximum number of history events (25000).',
    events: MAX_EVENTS,
  });
  expect(turns).toBe(Math.floor((MAX_EVENTS - 2) / 7));
}, 60_000);
