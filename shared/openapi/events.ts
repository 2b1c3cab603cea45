import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import * as z from 'zod';
import { TenantEvent } from '../events/envelope.ts';
import { EVENT_TYPES, type EventType } from '../events/event-types.ts';
import { EVENT_DATA } from '../events/schemas/event-schemas.ts';

const time = z.iso.datetime();

/** What is POSTed to the tenant's endpoint: contract §6. */
const envelope = (type: EventType) =>
  z
    .object({
      id: TenantEvent.shape.id.meta({
        description: 'The same in every attempt and replay.',
        example: 'evt_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1',
      }),
      type: z.literal(type).meta({ description: 'Type of the event.', example: type }),
      version: z.literal('1').meta({ description: 'Version of the envelope.', example: '1' }),
      occurred_at: time.meta({ description: 'When it happened.', example: '2026-05-15T10:30:00.000Z' }),
      delivered_at: time.meta({
        description: 'When this attempt was made; all else is the same in every attempt.',
        example: '2026-05-15T10:30:00.234Z',
      }),
      brand_id: z.string().meta({ description: 'The brand.', example: 'brd_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
      data: EVENT_DATA[type],
    })
    .meta({ id: `Event_${type.replace('.', '_')}`, description: EVENT_DATA[type].description ?? '' });

const headers = z.object({
  'X-Quixess-Event-Id': z.string().meta({ description: 'Id of the event.', example: 'evt_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
  'X-Quixess-Event-Type': z.string().meta({ description: 'Type of the event.', example: 'message.received' }),
  'X-Quixess-Signature-256': z.string().meta({
    description:
      '`sha256=` and the hex HMAC-SHA256 of the raw body; the key is the signing secret as shown, `whsec_` included.',
    example: 'sha256=6f1b1d0b2f0d3b9f4c1f3a54b6d1c9b7c1e2d3f4a5b6c7d8e9f0a1b2c3d4e5f6',
  }),
  'X-Quixess-Attempt': z.string().meta({ description: 'Counted from 1.', example: '1' }),
  'webhook-id': z
    .string()
    .meta({ description: 'Standard Webhooks: the same as the event id.', example: 'evt_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
  'webhook-timestamp': z
    .string()
    .meta({ description: 'Standard Webhooks: Unix seconds of the attempt.', example: '1779000000' }),
  'webhook-signature': z.string().meta({
    description: 'Standard Webhooks: `v1,` and the base64 signature; two while a secret rotates.',
    example: 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  }),
});

/**
 * Events may get new fields, as answers do: who checks them against the document must not refuse those. Our own schemas
 * are strict, so that a test finds what no schema tells.
 */
export function opened(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(opened);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(([key, value]) => key !== 'additionalProperties' || value !== false);
  return Object.fromEntries(kept.map(([key, value]) => [key, key === 'example' ? value : opened(value)]));
}

/** Every event a tenant's endpoint may get. */
export function addEvents(registry: OpenAPIRegistry): void {
  for (const type of EVENT_TYPES) {
    registry.registerWebhook({
      method: 'post',
      path: type,
      operationId: `on.${type}`,
      tags: ['Webhooks'],
      summary: type,
      description: EVENT_DATA[type].description ?? '',
      security: [],
      request: { headers, body: { required: true, content: { 'application/json': { schema: envelope(type) } } } },
      responses: {
        200: { description: 'Any 2xx within 15 seconds: delivered. Everything else is tried again.' },
        410: { description: 'No more attempts; the endpoint is disabled.' },
      },
    });
  }
}
