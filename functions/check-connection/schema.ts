import * as z from 'zod';
import { AccessToken, PhoneNumberId, WabaId, WebhookUrl } from '../../shared/http/connection-fields.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { BrandId } from '../../shared/http/fields.ts';
import { Step } from '../../shared/openapi/step-schema.ts';

export const CheckConnectionBody = z
  .strictObject({
    brand_id: BrandId,
    waba_id: WabaId,
    phone_number_id: PhoneNumberId,
    access_token: AccessToken,
    webhook_url: WebhookUrl.nullable().optional(),
  })
  .meta({ id: 'CheckConnection' });
export type CheckConnectionBody = z.output<typeof CheckConnectionBody>;

export const CheckedConnection = z
  .object({
    ok: z.boolean().meta({ description: 'Whether nothing failed.', example: true }),
    steps: z.array(Step).meta({ description: 'What was checked, in order.' }),
  })
  .meta({ id: 'CheckedConnection', description: 'What live checks found.' });

export const contract = {
  operationId: 'connections.check',
  tag: 'Connections',
  summary: 'Check before connecting',
  description:
    'Four live checks, and nothing is kept or changed: the token works, the number belongs to the account, the URL is https and not private, it answers a signed `webhook.test` with 2xx. The test is signed with the secret of the number where it is connected, else with one nobody knows.',
  body: CheckConnectionBody,
  responses: { 200: { description: 'What was found.', schema: CheckedConnection } },
  errors: ['brand_not_found'],
} as const satisfies EndpointContract;
