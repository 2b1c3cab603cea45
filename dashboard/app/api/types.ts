import type {
  ApiKey,
  AuditEntry,
  Brand,
  ConnectionDetail,
  Conversation,
  CreatedConnection,
  DeliveryAttempt,
  Endpoint,
  Event,
  EventDetail,
  Connection as ListedConnection,
  Me,
  Member,
  Message,
  MessageDetail,
  Problem,
  Recovery,
  RecoveryDryRun,
  Rotation,
  Step,
  SyncedTemplates,
  TemplateVersion,
} from '../../../test/support/openapi-types.ts';

// What the API answers, as openapi.json has it.

export type {
  ApiKey,
  AuditEntry,
  Brand,
  Conversation,
  CreatedConnection,
  DeliveryAttempt,
  Endpoint,
  Event,
  EventDetail,
  Me,
  Member,
  Message,
  MessageDetail,
  Recovery,
  RecoveryDryRun,
  Rotation,
  Step,
  SyncedTemplates,
};

export type Page<T> = { data: T[]; next_cursor: string | null; has_more: boolean };

/** The codes are many and may get more: a page that knows some of them compares strings. */
export type ProblemDocument = Omit<Problem, 'code'> & { code: string; steps?: Step[] };

/** Only in the answer to the request that made it. */
export type WithSecret<T> = T & { secret: string | null };

/** Lists say nothing of the endpoint. */
export type Connection = ListedConnection & Partial<Pick<ConnectionDetail, 'endpoint'>>;

/** Lists leave out what it is made of. */
export type Template = Omit<TemplateVersion, 'variables' | 'send_example' | 'components'> &
  Partial<Pick<TemplateVersion, 'components' | 'variables' | 'send_example'>>;
