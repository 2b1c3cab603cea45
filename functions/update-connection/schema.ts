import * as z from 'zod';
import { ConnectionParams, DefaultOtpTemplate, EventTypes, WebhookUrl } from '../../shared/http/connection-fields.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { ConnectionDetail } from '../../shared/views/connection-view.ts';

export const UpdateConnectionBody = z
  .strictObject({
    webhook_url: WebhookUrl.nullable().optional(),
    event_types: EventTypes.optional(),
    default_otp_template: DefaultOtpTemplate.nullable().optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'Name something to change.')
  .meta({ id: 'UpdateConnection' });
export type UpdateConnectionBody = z.output<typeof UpdateConnectionBody>;

export const contract = {
  operationId: 'connections.update',
  tag: 'Connections',
  summary: 'Change a connection',
  description:
    'What is not named stays. A new webhook URL enables the endpoint, and what was held follows. A new webhook URL counts within seconds, everything else within a minute. For another token, connect the number again.',
  params: ConnectionParams,
  body: UpdateConnectionBody,
  responses: { 200: { description: 'The connection.', schema: ConnectionDetail } },
  errors: ['connection_not_found', 'connection_changed'],
} as const satisfies EndpointContract;
