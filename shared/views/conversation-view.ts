import * as z from 'zod';
import { toIso } from '../clock.ts';
import { orNull } from '../http/page.ts';
import { type Conversation, SERVICE_WINDOW_MS } from '../store/conversation-store.ts';
import type { Message } from '../store/message.ts';
import { ContactView } from './contact-view.ts';
import { MessageView, messageView } from './message-view.ts';

const time = z.iso.datetime();

export const ServiceWindow = z
  .object({
    open: z.boolean().meta({ description: 'Whether a reply without a template will be taken now.', example: true }),
    expires_at: time.meta({ description: '24 hours after the last inbound.', example: '2026-11-23T10:30:00.000Z' }),
  })
  .meta({ id: 'ServiceWindow', description: "WhatsApp's customer service window." });

export const ConversationView = z
  .object({
    id: z.string().meta({ description: 'Our id.', example: 'cnv_5f1d7a84db00d2fce00b31a7fc73224f' }),
    contact: ContactView,
    last_message: orNull(MessageView),
    last_inbound_at: time.meta({
      description: 'When the person last wrote or called.',
      example: '2026-11-22T10:30:00.000Z',
    }),
    service_window: ServiceWindow,
  })
  .meta({ id: 'Conversation', description: 'A person who wrote to the brand.' });

/** @param last the conversation's newest message: where that is inbound it tells the time more exactly than the row */
export function conversationView(
  row: Conversation,
  last: Message | undefined,
  nowMs: number,
): z.input<typeof ConversationView> {
  const view = last && messageView(last);
  const told = last?.direction === 'inbound' && view ? Date.parse(view.created_at) : 0;
  const lastInboundAt = Math.max(row.lastInboundAt, told);
  const expiresAt = lastInboundAt + SERVICE_WINDOW_MS;
  return {
    id: row.conversationId,
    contact: { phone: row.phone, user_id: row.userId, name: row.name, username: row.username },
    last_message: view ?? null,
    last_inbound_at: toIso(lastInboundAt),
    service_window: { open: expiresAt > nowMs, expires_at: toIso(expiresAt) },
  };
}
