import { documentClient, stepFunctionsClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { endpointStore } from '../../shared/store/endpoint-store.ts';
import { eventStore } from '../../shared/store/event-store.ts';
import { recoveryStore } from '../../shared/store/recovery-store.ts';
import { startOnce } from '../../shared/webhooks/start-once.ts';
import { createRecovery } from './create-recovery.ts';
import { contract } from './schema.ts';

const env = readEnv(
  'CONNECTIONS_TABLE_NAME',
  'ENDPOINTS_TABLE_NAME',
  'EVENTS_TABLE_NAME',
  'RECOVERIES_TABLE_NAME',
  'EVENT_RECOVERY_ARN',
  'ENDPOINT_EVENTS_PER_SECOND',
  'SLOW_IN_FLIGHT_PER_ENDPOINT',
  'ERROR_DOCS_URL',
);
const client = documentClient();
const stepFunctions = stepFunctionsClient();

export const handler = apiHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  createRecovery({
    recoveries: recoveryStore(client, env.RECOVERIES_TABLE_NAME),
    events: eventStore(client, env.EVENTS_TABLE_NAME),
    endpoints: endpointStore(client, env.ENDPOINTS_TABLE_NAME),
    connectionOfBrand: connectionStore(client, env.CONNECTIONS_TABLE_NAME).activeOfBrand,
    start: (step) => startOnce(stepFunctions, env.EVENT_RECOVERY_ARN, step.recovery_id, step),
    limits: { perSecond: env.ENDPOINT_EVENTS_PER_SECOND, inFlight: env.SLOW_IN_FLIGHT_PER_ENDPOINT },
    now: Date.now,
  }),
);
