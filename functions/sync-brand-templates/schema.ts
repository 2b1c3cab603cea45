import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { BrandId } from '../../shared/http/fields.ts';

export const SyncTemplatesBody = z.strictObject({ brand_id: BrandId }).meta({ id: 'SyncTemplates' });
export type SyncTemplatesBody = z.output<typeof SyncTemplatesBody>;

export const SyncedTemplates = z
  .object({
    listed: z.number().meta({ description: 'Language versions Meta has.', example: 12 }),
    removed: z.number().meta({ description: 'Versions Meta has no more.', example: 0 }),
    synced_at: z.iso.datetime().meta({ description: 'When it was asked.', example: '2026-11-22T10:30:00.000Z' }),
  })
  .meta({ id: 'SyncedTemplates', description: 'Our copy is what Meta lists.' });

export const contract = {
  operationId: 'brandTemplates.sync',
  tag: 'Connections',
  summary: 'Sync templates',
  description:
    "Makes our copy of the account's templates what Meta lists now. It is done every six hours by itself. May be repeated.",
  body: SyncTemplatesBody,
  responses: { 200: { description: 'Done.', schema: SyncedTemplates } },
  errors: [
    'brand_not_found',
    'connection_not_found',
    'connection_token_invalid',
    'whatsapp_error',
    'whatsapp_unreachable',
  ],
} as const satisfies EndpointContract;
