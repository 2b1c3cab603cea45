import * as z from 'zod';
import { DEFAULT_EVENT_FILTER } from '../../shared/events/event-types.ts';
import {
  AccessToken,
  DefaultOtpTemplate,
  EventTypes,
  PhoneNumberId,
  WabaId,
  WebhookUrl,
} from '../../shared/http/connection-fields.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { BrandId } from '../../shared/http/fields.ts';
import { Step } from '../../shared/openapi/step-schema.ts';
import { ConnectionView } from '../../shared/views/connection-view.ts';

export const CreateConnectionBody = z
  .strictObject({
    brand_id: BrandId,
    waba_id: WabaId,
    phone_number_id: PhoneNumberId,
    access_token: AccessToken,
    webhook_url: WebhookUrl.nullable().optional(),
    event_types: EventTypes.optional().meta({
      description: `Events that are sent. A new connection has, if they are not named: ${DEFAULT_EVENT_FILTER.join(', ')}.`,
    }),
    default_otp_template: DefaultOtpTemplate.nullable().optional(),
  })
  .meta({ id: 'CreateConnection' });
export type CreateConnectionBody = z.output<typeof CreateConnectionBody>;

export const CreatedConnection = ConnectionView.extend({
  secret: z.string().nullable().meta({
    description: 'The signing secret, this once; null where it was shown before. Rotate it for a new one.',
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=',
  }),
  steps: z.array(Step).meta({ description: 'What was done, in order.' }),
}).meta({ id: 'CreatedConnection', description: 'A connection, its signing secret, and what was done.' });

export const contract = {
  operationId: 'connections.create',
  tag: 'Connections',
  summary: 'Connect a number',
  description:
    'Checks the token and the number with Meta, subscribes our app to the account, keeps the token in a vault, makes the signing secret, takes over the templates and sends a signed `webhook.test`. Where it fails the answer tells at which step. May be repeated: what was done is found, nothing is made twice. Repeated with another token it takes the place of the one before, and what is not named stays: webhook URL, events and default OTP template. Another webhook URL enables the endpoint, and what was held follows.',
  body: CreateConnectionBody,
  responses: {
    200: { description: 'It was connected already; what the request changes was changed.', schema: CreatedConnection },
    201: { description: 'Connected.', schema: CreatedConnection },
  },
  errors: [
    'brand_not_found',
    'number_taken',
    'brand_connected',
    'connection_changed',
    'connection_check_failed',
    'whatsapp_error',
    'whatsapp_unreachable',
  ],
} as const satisfies EndpointContract;
