import * as z from 'zod';
import { ConnectionParams } from '../../shared/http/connection-fields.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { Step } from '../../shared/openapi/step-schema.ts';
import { ConnectionView } from '../../shared/views/connection-view.ts';

export const DeletedConnection = ConnectionView.extend({
  steps: z.array(Step).meta({ description: 'What was done, in order.' }),
}).meta({ id: 'DeletedConnection', description: 'A connection that was deleted, and what was done.' });

export const contract = {
  operationId: 'connections.delete',
  tag: 'Connections',
  summary: 'Delete a connection',
  description:
    "The brand sends and hears no more by this number; messages, conversations and events stay. When it was the account's last, our app is unsubscribed. The token and the signing secret are deleted after a week. May be repeated.",
  params: ConnectionParams,
  responses: { 200: { description: 'It is deleted.', schema: DeletedConnection } },
  errors: ['connection_not_found'],
} as const satisfies EndpointContract;
