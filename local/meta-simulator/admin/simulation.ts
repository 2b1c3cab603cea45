import type { Clock } from '../../clock.ts';
import type { Account, AccountStore, App, PeopleStore } from '../accounts.ts';
import type { SettingsStore } from '../database.ts';
import type { BehaviorStore } from '../messages/behavior.ts';
import type { StatusWebhooks } from '../messages/statuses.ts';
import type { MessageStore } from '../messages/store.ts';
import type { RequestLog } from '../request-log.ts';
import type { TemplateReviews } from '../templates/reviews.ts';
import type { TemplateStore } from '../templates/store.ts';
import type { TokenStore } from '../tokens.ts';
import type { WebhookDispatcher } from '../webhooks/dispatcher.ts';
import type { WebhookOutbox } from '../webhooks/outbox.ts';
import type { inboundBuilder } from './inbound.ts';

/** All parts the control endpoints can move. */
export type Simulation = {
  accounts: AccountStore;
  /** @param isBare without templates and not subscribed, as a customer comes who was never connected */
  addAccount: (verifiedName: string, isBare?: boolean) => Account;
  app: App;
  behavior: BehaviorStore;
  buildInbound: ReturnType<typeof inboundBuilder>;
  clock: Pick<Clock, 'now' | 'setTimeout'>;
  dispatcher: WebhookDispatcher;
  log: RequestLog;
  messages: MessageStore;
  outbox: WebhookOutbox;
  people: PeopleStore;
  reviews: TemplateReviews;
  settings: SettingsStore;
  statuses: StatusWebhooks;
  templates: TemplateStore;
  tokens: TokenStore;
};
