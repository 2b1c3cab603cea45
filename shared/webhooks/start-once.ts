import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { StepFunctions } from '../aws.ts';
import type { Endpoint } from '../store/endpoint-store.ts';
import type { RecoveryStep, WatchStep } from './delivery.ts';
import { PROBE_DELAYS_SECONDS } from './endpoint-health.ts';
import { nameOfPart, type Turn } from './go-on.ts';

/** Starts an execution. A name that is taken means that it was started before, which is what was wanted. */
export async function startOnce(client: StepFunctions, stateMachineArn: string, name: string, input: object) {
  try {
    await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ExecutionAlreadyExists') throw error;
  }
}

/** Starts the watch over an endpoint; the number of the watch is in its name. */
export const watchStarter = (client: StepFunctions, stateMachineArn: string) => (endpoint: Endpoint) =>
  startWatchPart(client, stateMachineArn)({ ...firstTurn(endpoint), turns: 0, part: 0 });

/** Starts a watch, or lets it go on. */
export const startWatchPart = (client: StepFunctions, stateMachineArn: string) => (step: Turn<WatchStep>) =>
  startOnce(client, stateMachineArn, nameOfPart(`${step.connection_id}-${step.watch}`, step.part), step);

/** Starts a recovery, or lets it go on. */
export const startRecoveryPart = (client: StepFunctions, stateMachineArn: string) => (step: Turn<RecoveryStep>) =>
  startOnce(client, stateMachineArn, nameOfPart(step.recovery_id, step.part), step);

const firstTurn = ({ connectionId, brandId, watch, state }: Endpoint): WatchStep => ({
  connection_id: connectionId,
  brand_id: brandId,
  watch,
  after: null,
  pass_started_at: 0,
  found: false,
  wait_seconds: state === 'closed' ? 0 : PROBE_DELAYS_SECONDS[0],
});
