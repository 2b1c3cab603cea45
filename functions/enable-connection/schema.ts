import * as z from 'zod';
import { ConnectionParams } from '../../shared/http/connection-fields.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { ConnectionDetail } from '../../shared/views/connection-view.ts';

export const EnableConnectionBody = z
  .strictObject({
    recover: z.boolean().default(true).meta({
      description: 'Whether what was held meanwhile follows, at a bounded rate. If not, a recovery can bring it later.',
      example: true,
    }),
  })
  .meta({ id: 'EnableConnection' });
export type EnableConnectionBody = z.output<typeof EnableConnectionBody>;

export const contract = {
  operationId: 'connections.enable',
  tag: 'Connections',
  summary: 'Enable the webhook endpoint',
  description: 'You say that it works again. Twice is once.',
  params: ConnectionParams,
  body: EnableConnectionBody,
  responses: { 200: { description: 'The connection.', schema: ConnectionDetail } },
  errors: ['connection_not_found', 'endpoint_disabled'],
} as const satisfies EndpointContract;
