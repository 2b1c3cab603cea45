import type { Clock } from '../../clock.ts';
import type { WebhookOutbox } from './outbox.ts';
import { postWebhook } from './post.ts';

/** Enough to keep a local API busy, few enough not to exhaust its sockets. */
const MAX_IN_FLIGHT = 32;

type DispatcherOptions = {
  outbox: WebhookOutbox;
  clock: Pick<Clock, 'now' | 'setTimeout'>;
  appSecret: string;
  /** The app's callback; null until it is known, and then everything waits. */
  webhookUrl: () => string | null;
};

/** Posts what is owed when it is due, several at once and so in no guaranteed order, as Meta does. */
export function webhookDispatcher({ outbox, clock, appSecret, webhookUrl }: DispatcherOptions) {
  const stopping = new AbortController();
  const inFlight = new Set<Promise<void>>();
  let cancelTimer: (() => void) | null = null;

  /** Call after queueing or when the URL became known. */
  function wake(): void {
    cancelTimer?.();
    cancelTimer = null;
    const appUrl = webhookUrl();
    if (appUrl === null || stopping.signal.aborted) return;
    for (const owed of outbox.claimDue(clock.now(), MAX_IN_FLIGHT - inFlight.size)) {
      const posting = deliver(owed, owed.override_url ?? appUrl).finally(() => {
        inFlight.delete(posting);
        wake();
      });
      inFlight.add(posting);
    }
    if (inFlight.size >= MAX_IN_FLIGHT) return; // the next one to finish wakes us
    const dueAt = outbox.nextDueAt();
    if (dueAt !== null) cancelTimer = clock.setTimeout(wake, Math.max(0, dueAt - clock.now()));
  }

  async function deliver(owed: Parameters<WebhookOutbox['settle']>[0], url: string): Promise<void> {
    const at = clock.now();
    const result = await postWebhook(url, owed.body, { appSecret, signal: stopping.signal });
    if (stopping.signal.aborted) return; // stays owed; the next start posts it again
    const { status, error } = result;
    outbox.settle(owed, { at, status, ...(error === undefined ? {} : { error }) }, clock.now());
  }

  return {
    wake,
    /** Ends what is in flight; none of it counts as answered. */
    async stop(): Promise<void> {
      stopping.abort();
      cancelTimer?.();
      await Promise.allSettled(inFlight);
    },
  };
}

export type WebhookDispatcher = ReturnType<typeof webhookDispatcher>;
