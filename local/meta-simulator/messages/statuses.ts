import type { Account, AccountStore, PeopleStore } from '../accounts.ts';
import { webhookError } from '../graph/error.ts';
import type { StatusStep } from '../outcomes.ts';
import type { WebhookOutbox } from '../webhooks/outbox.ts';
import type { OutboundMessage } from './store.ts';

type StatusesOptions = { accounts: AccountStore; people: PeopleStore; outbox: WebhookOutbox; now: () => number };

/** A status to tell, with errors given in full or by code. */
export type StatusNews = Omit<StatusStep, 'afterMs' | 'status'> & { status: string; errors?: readonly unknown[] };

/** Status webhooks of §5.4, one per POST. */
export function statusWebhooks({ accounts, people, outbox, now }: StatusesOptions) {
  function statusValue(account: Account, message: OutboundMessage, news: StatusNews, at: number, hasPricing: boolean) {
    const isFailed = news.status === 'failed';
    const person = message.waId === null ? people.withUserId(message.userId) : people.withPhone(message.waId);
    const isToUserId = message.waId === null;
    const identity = {
      ...(message.waId === null ? {} : { wa_id: message.waId }),
      user_id: message.userId,
    };
    const profile = { name: person.name, ...(person.username === null ? {} : { username: person.username }) };
    const errors = news.errors ?? (news.code === undefined ? undefined : [webhookError(news.code)]);
    return {
      messaging_product: 'whatsapp',
      metadata: metadataOf(account),
      // A failure names nobody (documented), so a receiver cannot rely on contacts.
      ...(isFailed ? {} : { contacts: [{ profile, ...identity }] }),
      statuses: [
        {
          id: message.wamid,
          status: news.status,
          timestamp: String(Math.floor(at / 1000)),
          ...(message.waId === null ? {} : { recipient_id: message.waId }),
          ...(isFailed && !isToUserId ? {} : { recipient_user_id: message.userId }),
          ...(message.callbackData === null ? {} : { biz_opaque_callback_data: message.callbackData }),
          ...(hasPricing ? { pricing: pricingOf(message) } : {}),
          ...(errors === undefined ? {} : { errors }),
        },
      ],
    };
  }

  return {
    /** Queues all statuses a message will have. */
    queueAll(account: Account, message: OutboundMessage, steps: readonly StatusStep[]): void {
      // Pricing comes with `sent` and with one of delivered and read: the first to happen.
      const priced = new Set(['sent', steps.some(({ status }) => status === 'delivered') ? 'delivered' : 'read']);
      for (const step of steps) {
        const at = message.acceptedAt + (step.stampedMs ?? step.afterMs);
        this.queue(account, message, step, {
          at,
          dueAt: message.acceptedAt + step.afterMs,
          hasPricing: priced.has(step.status),
        });
      }
    },
    /** @param times `at` is what the status says, `dueAt` when it is posted */
    queue(
      account: Account,
      message: OutboundMessage,
      news: StatusNews,
      { at, dueAt, hasPricing }: { at: number; dueAt: number; hasPricing: boolean },
    ): void {
      const current = accounts.byWabaId(account.wabaId);
      if (!current?.isSubscribed) return;
      const value = statusValue(account, message, news, at, hasPricing);
      outbox.queue(
        { field: 'messages', entryId: account.wabaId, value, dueAt, overrideUrl: current.overrideUrl },
        now(),
      );
    },
  };
}

export type StatusWebhooks = ReturnType<typeof statusWebhooks>;

/** `metadata` of every webhook about a phone number. */
export function metadataOf(account: Account): object {
  return { display_phone_number: account.displayPhoneNumber, phone_number_id: account.phoneNumberId };
}

/** Since October 2026 service messages are billed too (meta-cloud-api §0.8). */
function pricingOf(message: OutboundMessage): object {
  return { billable: true, pricing_model: 'PMP', type: 'regular', category: message.category };
}
