import { toIso } from '../clock.ts';
import type { TenantEvent } from '../events/envelope.ts';
import { deterministicId, timeOfId } from '../ids.ts';
import { type Message, messageStatus } from '../store/message-store.ts';

/**
 * `message.reconciled` of a message whose sender died before Meta's webhook told: made of the message alone. Its id is
 * the one it has everywhere (shared/events/tenant-events.ts), so that it is told once.
 */
export function reconciledLate(message: Message, wabaId: string): TenantEvent {
  const at = message.failedAt ?? message.sentAt ?? message.deliveredAt ?? message.readAt ?? message.createdAt ?? 0;
  return {
    id: deterministicId('evt', timeOfId(message.messageId), ['message.reconciled', message.messageId]),
    type: 'message.reconciled',
    version: '1',
    occurred_at: toIso(at),
    brand_id: message.brandId,
    data: {
      wa_message_id: message.waMessageId,
      message_id: message.messageId,
      from: { phone_number_id: message.phoneNumberId, waba_id: wabaId },
      to: { phone: message.contact ?? null, user_id: null },
      reference: message.reference ?? null,
      ...(message.mode === 'test' ? { mode: 'test' } : {}),
      status: messageStatus(message),
      ...(message.errors ? { errors: message.errors } : {}),
    },
  };
}
