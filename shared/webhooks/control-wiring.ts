import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { changeLog } from '../audit/change-log.ts';
import { stepFunctionsClient } from '../aws.ts';
import type { Env, EnvName } from '../env.ts';
import { connectionStore } from '../store/connection-store.ts';
import { endpointStore } from '../store/endpoint-store.ts';
import { endpointControl } from './endpoint-control.ts';
import { watchStarter } from './start-once.ts';

/** What every function reads of its environment in which people change a connection and its endpoint. */
export const CONTROL_VARIABLES = [
  'AUDIT_LOG_TABLE_NAME',
  'CONNECTIONS_TABLE_NAME',
  'ENDPOINTS_TABLE_NAME',
  'ENDPOINT_WATCH_ARN',
] as const satisfies readonly EnvName[];

export function controllingWith(env: Env<(typeof CONTROL_VARIABLES)[number]>, client: DynamoDBDocumentClient) {
  const endpoints = endpointStore(client, env.ENDPOINTS_TABLE_NAME);
  const startWatch = watchStarter(stepFunctionsClient(), env.ENDPOINT_WATCH_ARN);
  return {
    connections: connectionStore(client, env.CONNECTIONS_TABLE_NAME),
    endpoints,
    control: endpointControl({ endpoints, startWatch, now: Date.now }),
    changes: changeLog(client, env.AUDIT_LOG_TABLE_NAME, Date.now),
  };
}
