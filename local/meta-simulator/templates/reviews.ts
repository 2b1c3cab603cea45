import type { Clock } from '../../clock.ts';
import type { AccountStore } from '../accounts.ts';
import type { WebhookDispatcher } from '../webhooks/dispatcher.ts';
import type { WebhookOutbox } from '../webhooks/outbox.ts';
import type { GraphTemplate } from './shape.ts';
import type { TemplateStore } from './store.ts';

/** Virtual. With Meta authentication takes seconds to an hour, the rest up to a day. */
const REVIEW_MS = { AUTHENTICATION: 2000, UTILITY: 4000, MARKETING: 4000 } as const;

/** Events REST has no status of that name for (meta-cloud-api §5.6). */
const STATUS_OF_EVENT: Readonly<Record<string, string | null>> = {
  REINSTATED: 'APPROVED',
  UNARCHIVED: 'APPROVED',
  FLAGGED: null,
  LOCKED: null,
};

type ReviewsOptions = {
  templates: TemplateStore;
  accounts: AccountStore;
  outbox: WebhookOutbox;
  dispatcher: WebhookDispatcher;
  clock: Pick<Clock, 'now' | 'setTimeout'>;
};

/** Meta's people who decide about templates, and the webhooks that tell. */
export function templateReviews({ templates, accounts, outbox, dispatcher, clock }: ReviewsOptions) {
  const cancels = new Set<() => void>();

  function announce(wabaId: string, template: GraphTemplate, event: string, extra: object = {}): void {
    // Without a subscription the app hears nothing of this WABA.
    if (!accounts.byWabaId(wabaId)?.isSubscribed) return;
    const now = clock.now();
    const value = {
      event,
      message_template_id: BigInt(template.id),
      message_template_name: template.name,
      message_template_language: template.language,
      message_template_category: template.category,
      reason: template.rejected_reason,
      ...extra,
    };
    const field = 'message_template_status_update';
    outbox.queue({ field, entryId: wabaId, value, dueAt: now, hasEntryTime: true }, now);
    dispatcher.wake();
  }

  function decide(id: string): void {
    const stored = templates.byId(id);
    if (stored?.template.status !== 'PENDING') return;
    // Documented for tests: a name with "reject" in it does not pass.
    const isRejected = stored.template.name.includes('reject');
    change(id, isRejected ? 'REJECTED' : 'APPROVED', { reason: isRejected ? 'INVALID_FORMAT' : 'NONE' });
  }

  /** @param extra more keys of the webhook, such as `other_info` or `disable_info` */
  function change(
    id: string,
    event: string,
    { reason = 'NONE', extra = {} }: { reason?: string; extra?: object } = {},
  ) {
    const stored = templates.byId(id);
    if (stored === undefined) return undefined;
    const known = STATUS_OF_EVENT[event];
    const template: GraphTemplate = {
      ...stored.template,
      status: known === undefined ? event : (known ?? stored.template.status),
      rejected_reason: reason,
      last_updated_time: Math.floor(clock.now() / 1000),
    };
    templates.save(template);
    announce(stored.wabaId, template, event, extra);
    return template;
  }

  function scheduleAt(id: string, reviewAt: number): void {
    const cancel = clock.setTimeout(
      () => {
        cancels.delete(cancel);
        decide(id);
      },
      Math.max(0, reviewAt - clock.now()),
    );
    cancels.add(cancel);
  }

  for (const { id, review_at } of templates.pendingReviews()) scheduleAt(id, review_at);

  return {
    announce,
    change,
    /** Stores a new template and has it decided after a while. */
    submit(wabaId: string, template: GraphTemplate): void {
      const reviewAt = clock.now() + REVIEW_MS[template.category];
      templates.add(wabaId, template, reviewAt);
      scheduleAt(template.id, reviewAt);
    },
    stop(): void {
      for (const cancel of cancels) cancel();
    },
  };
}

export type TemplateReviews = ReturnType<typeof templateReviews>;
