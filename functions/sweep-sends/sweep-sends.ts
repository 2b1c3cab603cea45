import type { Now } from '../../shared/clock.ts';
import { messageReconciled } from '../../shared/events/tenant-events.ts';
import { brandShards, timeOfId } from '../../shared/ids.ts';
import { inParallel } from '../../shared/in-parallel.ts';
import { logger } from '../../shared/logger.ts';
import { countTransition } from '../../shared/sending/transitions.ts';
import type { CheckpointStore } from '../../shared/store/checkpoint-store.ts';
import type { Connection } from '../../shared/store/connection-store.ts';
import type { IdempotencyStore } from '../../shared/store/idempotency-store.ts';
import {
  type Message,
  messageStatus,
  type Reconciliation,
  timeOfStatus,
  WEBHOOK_STATUSES,
} from '../../shared/store/message.ts';
import type { MessageStore } from '../../shared/store/message-store.ts';
import type { SilentMessageStore } from '../../shared/store/silent-message-store.ts';
import type { Delivery } from '../../shared/webhooks/delivery.ts';

const JOB = 'sweep-sends';
const DAY_MS = 24 * 60 * 60 * 1000;
/** Younger sends may still be at work, milliseconds: twice the life of a function that sends. */
const SETTLE_MS = 60_000;
/** Queries under way at once. */
const CONCURRENCY = 32;

type Deps = {
  brandIds: () => Promise<string[]>;
  silent: SilentMessageStore;
  messages: Pick<MessageStore, 'markUnknown' | 'reconcile'>;
  idempotency: Pick<IdempotencyStore, 'keepUnresolved'>;
  checkpoints: CheckpointStore;
  connectionOf: (phoneNumberId: string) => Promise<Connection | null>;
  enqueue: (deliveries: readonly Delivery[]) => Promise<void>;
  now: Now;
};

/**
 * Finds sends whose function died after it dispatched, and says for it that the outcome is unknown; where Meta's webhook
 * has told already, tells the tenant. Each moment is looked at twice: soon, and a day later, for a key may be taken up
 * again for a day and keeps its message id, whose time is that of the first request.
 */
export const sweepSends = (deps: Deps) => async (): Promise<{ swept: number }> => {
  const now = deps.now();
  const to = now - SETTLE_MS;
  const from = (await deps.checkpoints.doneUntil(JOB)) ?? to - DAY_MS;
  if (from >= to) return { swept: 0 };
  const windows = [
    { from, to, now },
    { from: from - DAY_MS, to: to - DAY_MS, now },
  ];
  const shards = (await deps.brandIds()).flatMap(brandShards);
  let swept = 0;
  await inParallel(shards, CONCURRENCY, async (shard) => {
    for (const window of windows) {
      for (const message of await deps.silent.find(shard, window)) swept += await sweepOne(deps, message, window);
    }
  });
  await deps.checkpoints.advance(JOB, to);
  logger.info('sends.swept', { swept, shards: shards.length, window_seconds: Math.round((to - from) / 1000) });
  return { swept };
};

/** @returns how many were swept: 0 when it was concluded meanwhile */
async function sweepOne(deps: Deps, message: Message, { now }: { now: number }): Promise<number> {
  const event = message.waMessageId === undefined ? null : await reconciliation(deps, message);
  // Queued before it is written, like every event: what is found written has its event queued, and its key kept.
  if (event) await deps.enqueue([event]);
  if (message.idempotencyId !== undefined && message.waMessageId === undefined) {
    await deps.idempotency.keepUnresolved({
      id: message.idempotencyId,
      messageId: message.messageId,
      createdAt: message.createdAt ?? now,
    });
  }
  if (!(await deps.messages.markUnknown(message, now))) {
    // Meta's webhook came between: looked at again as it now is.
    const madeAt = timeOfId(message.messageId);
    const again = (await deps.silent.find(message.brandShard, { from: madeAt, to: madeAt + 1, now })).find(
      ({ messageId }) => messageId === message.messageId,
    );
    return again ? sweepOne(deps, again, { now }) : 0;
  }
  countTransition('swept');
  return 1;
}

async function reconciliation(deps: Deps, message: Message): Promise<Delivery | null> {
  const connection = await deps.connectionOf(message.phoneNumberId ?? '');
  if (connection?.brandId !== message.brandId || connection.webhookUrl === null) return null;
  if (!connection.eventFilter.includes('message.reconciled')) return null;
  const outcome = outcomeOf(message);
  if (outcome === null) return null;
  const told = await deps.messages.reconcile(message, outcome);
  const event = messageReconciled(message, told, connection.wabaId);
  countTransition('reconciled');
  return { kind: 'fresh', event, connection_id: connection.connectionId };
}

/** As Meta's webhooks told it; null when they told only the message's id. */
function outcomeOf(message: Message): Reconciliation | null {
  const { waMessageId, errors, contactUserId: userId = null } = message;
  const status = WEBHOOK_STATUSES.find((one) => one === messageStatus(message));
  const at = status && timeOfStatus(message, status);
  if (waMessageId === undefined || !status || at === undefined) return null;
  return { status, at, waMessageId, userId, ...(status === 'failed' && errors ? { errors } : {}) };
}
