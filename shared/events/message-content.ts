import * as z from 'zod';
import { parseJson } from '../json.ts';
import * as meta from '../meta/message-content-schema.ts';
import { isStorableNumber } from '../meta/webhook-schema.ts';
import { toContactCard } from './contact-card.ts';
import { identify, type Person } from './person.ts';
import type { MessageBody } from './schemas/message-content.ts';

/** What reading a message's content may need of the message around it. */
export type ContentContext = {
  /** Where its file can be fetched. */
  mediaUrl: () => string;
  from: Person;
};

type Reader = (value: unknown, context: ContentContext) => MessageBody | null;

const reader =
  <S extends z.ZodType>(
    schema: S,
    shape: (content: z.output<S>, context: ContentContext) => MessageBody | null,
  ): Reader =>
  (value, context) => {
    const parsed = schema.safeParse(value);
    return parsed.success ? shape(parsed.data, context) : null;
  };

/** One row per type of Meta's: what stands under the type's key → our content. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['text', reader(meta.Text, ({ body }) => ({ type: 'text', content: { body } }))],
  ['image', media((file, { caption = null }) => ({ type: 'image', content: { media: file, caption } }))],
  ['video', media((file, { caption = null }) => ({ type: 'video', content: { media: file, caption } }))],
  ['audio', media((file, { voice }) => ({ type: voice ? 'voice' : 'audio', content: { media: file } }))],
  // Not in Meta's current documentation, where a voice message is an audio with a flag; older versions had it.
  ['voice', media((file) => ({ type: 'voice', content: { media: file } }))],
  [
    'document',
    media((file, { caption = null, filename = null }) => ({
      type: 'document',
      content: { media: file, caption, filename },
    })),
  ],
  ['sticker', media((file, { animated = false }) => ({ type: 'sticker', content: { media: file, animated } }))],
  [
    'location',
    reader(meta.Location, ({ latitude, longitude, name = null, address = null, url = null }) => ({
      type: 'location',
      content: { latitude, longitude, name, address, url },
    })),
  ],
  [
    'contacts',
    reader(z.array(z.unknown()), (cards) => ({
      type: 'contacts',
      content: { contacts: cards.flatMap((card) => toContactCard(card) ?? []) },
    })),
  ],
  [
    'reaction',
    reader(meta.Reaction, ({ message_id, emoji }) => ({
      type: 'reaction',
      content: { emoji: emoji || null, target: unresolved(message_id) },
    })),
  ],
  [
    'button',
    reader(meta.Button, ({ payload = null, text = null }) => ({ type: 'button', content: { payload, text } })),
  ],
  ['interactive', reader(meta.Interactive, interactive)],
  [
    'order',
    reader(meta.Order, ({ catalog_id = null, text, product_items = [] }) => ({
      type: 'order',
      content: {
        catalog_id,
        text: text || null,
        items: product_items.flatMap((raw) => {
          const item = meta.OrderItem.safeParse(raw).data;
          if (!item) return [];
          const { product_retailer_id, quantity = null, item_price = null, currency = null } = item;
          return [{ product_retailer_id, quantity, item_price, currency }];
        }),
      },
    })),
  ],
  ['system', reader(meta.System, system)],
  [
    'edit',
    reader(meta.Edit, ({ original_message_id, message }, context) => {
      // No edit of an edit: it would nest as deep as somebody likes.
      const { type } = message;
      const edited = readContent(type === 'edit' ? 'edit of an edit' : type, message[type], context);
      return { type: 'edit', content: { target: unresolved(original_message_id), message: edited.body } };
    }),
  ],
  [
    'revoke',
    reader(meta.Revoke, ({ original_message_id }) => ({
      type: 'revoke',
      content: { target: unresolved(original_message_id) },
    })),
  ],
  ['request_welcome', () => ({ type: 'request_welcome', content: {} })],
  ['unsupported', (value) => notSupported(meta.Unsupported.safeParse(value).data?.type ?? null)],
  // What `unsupported` was called before.
  ['unknown', () => notSupported(null)],
]);

/**
 * The content of a message, in our shape.
 * @param value what stands under the key of the type
 * @returns with `isRead: false` what stands for a content that could not be read, or is of a type that we do not know
 */
export function readContent(
  type: string,
  value: unknown,
  context: ContentContext,
): { body: MessageBody; isRead: boolean } {
  const read = READERS.get(type);
  const body = read?.(value, context) ?? null;
  if (body) return { body, isRead: true };
  const reason = read ? 'unreadable' : 'unknown_type';
  return { body: { type: 'unsupported', content: { type: type.slice(0, 64), reason } }, isRead: false };
}

type MediaFile = Extract<MessageBody, { type: 'audio' }>['content']['media'];

function media(shape: (file: MediaFile, content: z.output<typeof meta.Media>) => MessageBody): Reader {
  return reader(meta.Media, (content, { mediaUrl }) => {
    const { id, mime_type = null, sha256 = null, file_size } = content;
    const size = file_size === undefined ? {} : { size: file_size };
    return shape({ id, mime_type, sha256, ...size, url: mediaUrl() }, content);
  });
}

function interactive(content: z.output<typeof meta.Interactive>): MessageBody {
  const type = 'interactive';
  switch (content.type) {
    case 'button_reply': {
      const { id, title = null } = content.button_reply;
      return { type, content: { kind: 'button', id, title } };
    }
    case 'list_reply': {
      const { id, title = null, description = null } = content.list_reply;
      return { type, content: { kind: 'list', id, title, description } };
    }
    case 'nfm_reply': {
      const { name = null, body = null, response_json = null } = content.nfm_reply;
      return { type, content: { kind: 'flow', name, body, response: flowResponse(response_json), response_json } };
    }
    case 'call_permission_reply': {
      const {
        response,
        is_permanent = null,
        expiration_timestamp,
        response_source = null,
      } = content.call_permission_reply;
      const expires_at = toIsoOrNull(expiration_timestamp);
      return {
        type,
        content: { kind: 'call_permission', response, is_permanent, expires_at, source: response_source },
      };
    }
  }
}

/** DynamoDB takes 32 levels and the answer lies some levels deep in its item; no form of a flow comes near. */
const MAX_FLOW_DEPTH = 16;

/** The answer of a flow is a JSON text which may be no JSON, or nothing to build on. */
function flowResponse(text: string | null): Record<string, unknown> | null {
  const parsed = z.record(z.string(), z.unknown()).safeParse(text === null ? null : parseJson(text));
  return parsed.success && isStorable(parsed.data, MAX_FLOW_DEPTH) ? parsed.data : null;
}

function isStorable(value: unknown, levels: number): boolean {
  if (typeof value === 'number') return isStorableNumber(value);
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isStorable(inner, levels - 1));
}

const LATEST_SECOND = 253_402_300_799;
const toIsoOrNull = (seconds: number | undefined): string | null =>
  seconds !== undefined && seconds > 0 && seconds <= LATEST_SECOND ? new Date(seconds * 1000).toISOString() : null;

/** Meta's names of what happened to a person, old and new: meta-cloud-api §5.3. */
const SYSTEM_CHANGES: ReadonlyMap<string, 'number_changed' | 'user_id_changed' | 'identity_changed'> = new Map([
  ['user_changed_number', 'number_changed'],
  ['customer_changed_number', 'number_changed'],
  ['user_changed_user_id', 'user_id_changed'],
  ['customer_identity_changed', 'identity_changed'],
] as const);

function system(content: z.output<typeof meta.System>, { from }: ContentContext): MessageBody {
  const { type, body = null, wa_id, user_id, new_wa_id } = content;
  return {
    type: 'system',
    content: {
      change: SYSTEM_CHANGES.get(type) ?? 'other',
      body,
      previous: { phone: from.phone, user_id: from.user_id },
      current: identify(new_wa_id ?? wa_id, user_id),
    },
  };
}

const notSupported = (type: string | null): MessageBody => ({
  type: 'unsupported',
  content: { type, reason: 'not_supported_by_whatsapp' },
});

/** Our id of it is looked for when the message is recorded. */
const unresolved = (wa_message_id: string) => ({ wa_message_id, message_id: null });
