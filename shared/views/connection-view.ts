import * as z from 'zod';
import { toIso } from '../clock.ts';
import { EVENT_TYPES } from '../events/event-types.ts';
import { orNull } from '../http/page.ts';
import type { ConnectionSecret } from '../secrets.ts';
import type { Connection, NumberState, TokenState } from '../store/connection-store.ts';
import { ENDPOINT_STATES, type Endpoint } from '../store/endpoint-store.ts';
import { ROTATION_WINDOW_MS } from '../webhooks/secret-rotation.ts';

const time = (description: string, example: string | null = '2026-11-22T10:30:00.000Z') =>
  z.iso.datetime().nullable().meta({ description, example });
const shown = (description: string, example: string) => z.string().nullable().meta({ description, example });

const NumberView = z
  .object({
    display_phone_number: shown('As people see it.', '+1 555-010-0001'),
    verified_name: shown('Name above the conversation.', 'Acme Pizza'),
    quality_rating: shown("Meta's opinion: GREEN, YELLOW, RED or UNKNOWN.", 'GREEN'),
    status: shown("Meta's status, e.g. CONNECTED.", 'CONNECTED'),
    name_status: shown('Whether Meta has approved the name.', 'APPROVED'),
    throughput: shown('STANDARD is 80 messages per second, HIGH 1,000.', 'STANDARD'),
    messaging_limit: shown('People who can be written to in 24 hours.', 'TIER_2K'),
    checked_at: z.iso.datetime().meta({ description: 'When Meta was asked.', example: '2026-11-22T10:30:00.000Z' }),
  })
  .meta({ id: 'ConnectionNumber', description: 'The number as Meta shows it.' });

const TokenView = z
  .object({
    state: z.enum(['valid', 'expiring', 'dead']).meta({
      description:
        '`expiring`: in less than 14 days. `dead`: WhatsApp takes it no more; sends are refused until there is another.',
      example: 'valid',
    }),
    expires_at: time('null: never.', null),
    checked_at: z.iso.datetime().meta({ description: 'When Meta was asked.', example: '2026-11-22T10:30:00.000Z' }),
  })
  .meta({ id: 'ConnectionToken', description: 'What is known of the access token. The token itself is never shown.' });

/** A connection as people see it. No token and no secret is in it. */
export const ConnectionView = z
  .object({
    id: z.string().meta({ description: 'Id of the connection.', example: 'con_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
    brand_id: z.string().meta({ description: 'Its brand.', example: 'brd_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
    status: z
      .enum(['active', 'disconnected'])
      .meta({ description: '`disconnected`: it was deleted.', example: 'active' }),
    phone_number_id: z.string().meta({ description: "Meta's id of the number.", example: '900000000000001' }),
    waba_id: z.string().meta({ description: "Meta's id of the account.", example: '800000000000001' }),
    webhook_url: z
      .string()
      .nullable()
      .meta({ description: 'Where events go.', example: 'https://shop.example/hooks/quixess' }),
    event_types: z
      .array(z.enum(EVENT_TYPES))
      .meta({ description: 'Events that are sent.', example: ['message.received', 'message.failed'] }),
    default_otp_template: z
      .string()
      .nullable()
      .meta({ description: 'Used by `send/otp` without `template_name`.', example: 'signup_otp' }),
    number: orNull(NumberView).meta({ description: 'null: Meta was not asked yet.' }),
    token: orNull(TokenView).meta({ description: 'null: not looked at yet.' }),
    created_at: z.iso.datetime().meta({ description: 'When it was connected.', example: '2026-11-22T10:30:00.000Z' }),
    disconnected_at: time('When it was deleted.', null),
  })
  .meta({ id: 'Connection', description: "A brand's WhatsApp number, and where its events go." });

export const connectionView = (connection: Connection): z.input<typeof ConnectionView> => ({
  id: connection.connectionId,
  brand_id: connection.brandId,
  status: connection.status,
  phone_number_id: connection.phoneNumberId,
  waba_id: connection.wabaId,
  webhook_url: connection.webhookUrl,
  event_types: connection.eventFilter,
  default_otp_template: connection.defaultOtpTemplate,
  number: connection.number ? numberView(connection.number) : null,
  token: connection.token ? tokenView(connection.token) : null,
  created_at: toIso(connection.createdAt),
  disconnected_at: isoOrNull(connection.disconnectedAt),
});

/** What the audit log keeps of it: what people decide, and nothing that Meta says. */
export const connectionSnapshot = (connection: Connection) => ({
  status: connection.status,
  phone_number_id: connection.phoneNumberId,
  waba_id: connection.wabaId,
  webhook_url: connection.webhookUrl,
  event_types: [...connection.eventFilter],
  default_otp_template: connection.defaultOtpTemplate,
});

const isoOrNull = (time: number | null | undefined): string | null => (time ? toIso(time) : null);

const numberView = (number: NumberState): z.input<typeof NumberView> => ({
  display_phone_number: number.displayPhoneNumber,
  verified_name: number.verifiedName,
  quality_rating: number.qualityRating,
  status: number.status,
  name_status: number.nameStatus,
  throughput: number.throughput,
  messaging_limit: number.messagingLimit,
  checked_at: toIso(number.checkedAt),
});

const tokenView = ({ state, expiresAt, checkedAt }: TokenState): z.input<typeof TokenView> => ({
  state,
  expires_at: isoOrNull(expiresAt),
  checked_at: toIso(checkedAt),
});

/** How the endpoint of a connection is: `closed` is good. */
export const EndpointView = z
  .object({
    state: z.enum(ENDPOINT_STATES).meta({
      description:
        '`closed`: it works. `open`: it fails, events are held and it is probed. `blocked`: its address is not allowed. `disabled`: held until it is enabled.',
      example: 'closed',
    }),
    reason: z.string().nullable().meta({ description: 'Why it is blocked or disabled.', example: null }),
    since: time('When it came into this state, where that is known.', null),
    is_holding: z.boolean().meta({ description: 'Whether events wait for it.', example: false }),
    failing_since: time('Since when nothing was delivered.', null),
    failed_events: z.number().meta({ description: 'Events that failed since.', example: 0 }),
  })
  .meta({ id: 'Endpoint', description: 'The health of the webhook endpoint.' });

const endpointView = (endpoint: Endpoint): z.input<typeof EndpointView> => ({
  state: endpoint.state,
  reason: endpoint.reason ?? null,
  since: isoOrNull(endpoint.disabledAt ?? endpoint.openedAt ?? endpoint.closedAt),
  is_holding: endpoint.heldFrom !== undefined,
  failing_since: isoOrNull(endpoint.failingSince),
  failed_events: endpoint.failedEvents,
});

/** A connection with the health of its endpoint. */
export const ConnectionDetail = ConnectionView.extend({ endpoint: EndpointView }).meta({
  id: 'ConnectionDetail',
  description: 'A connection, and how its endpoint is.',
});

export const connectionDetail = (connection: Connection, endpoint: Endpoint): z.input<typeof ConnectionDetail> => ({
  ...connectionView(connection),
  endpoint: endpointView(endpoint),
});

/** A rotation under way: contract §6. */
export const RotationView = z
  .object({
    connection_id: z.string().meta({ description: 'Id of the connection.', example: 'con_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
    rotated_at: time('When the new secret was made.'),
    promotes_at: time('When the new secret takes the place of the old one, at the latest.', '2026-11-23T10:30:00.000Z'),
    old_ends_at: time('Until when the old secret signs beside it.', '2026-11-24T10:30:00.000Z'),
  })
  .meta({ id: 'Rotation', description: 'Two secrets sign while a rotation is under way.' });

export function rotationView(
  { connectionId }: Connection,
  { rotated_at, promoted_at }: Pick<ConnectionSecret, 'rotated_at' | 'promoted_at'>,
): z.input<typeof RotationView> {
  const promotesAt = promoted_at ?? (rotated_at === undefined ? undefined : rotated_at + ROTATION_WINDOW_MS);
  return {
    connection_id: connectionId,
    rotated_at: isoOrNull(rotated_at),
    promotes_at: isoOrNull(promotesAt),
    old_ends_at: isoOrNull(promotesAt === undefined ? undefined : promotesAt + ROTATION_WINDOW_MS),
  };
}
