import { accountEvent } from '../../shared/events/account-events.ts';
import type { TenantEvent } from '../../shared/events/envelope.ts';
import type { InboundUpdate } from '../../shared/events/inbound-update.ts';
import { messageEchoed, messageReceived, messageStatusChanged } from '../../shared/events/tenant-events.ts';

export const EXAMPLE_BRAND = 'brd_01K76N5VR0ZZZZZZZZZZZZZZZZ';
export const EXAMPLE_MESSAGE = 'msg_01K76N5VR0ZZZZZZZZZZZZZZZZ';

/** The events of an update, as record-event makes them for a brand that has the message it is about. */
export function eventsOf(update: InboundUpdate): TenantEvent[] {
  switch (update.kind) {
    case 'kept':
      return [];
    case 'message':
      return messageReceived(update, EXAMPLE_BRAND, update.refers_to === null ? null : EXAMPLE_MESSAGE);
    case 'echo':
      return [messageEchoed(update, EXAMPLE_BRAND, null)];
    case 'status':
      return [
        messageStatusChanged(update, {
          brandId: EXAMPLE_BRAND,
          messageId: update.message_id ?? EXAMPLE_MESSAGE,
          reference: 'order-42',
        }),
      ];
    default:
      return [accountEvent(update, EXAMPLE_BRAND, 'PENDING')];
  }
}
