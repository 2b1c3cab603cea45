import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Api, Query } from './client.ts';
import { newest } from './newest.ts';
import type {
  ApiKey,
  AuditEntry,
  Connection,
  Conversation,
  Event,
  EventDetail,
  Member,
  Message,
  MessageDetail,
  Page,
  Recovery,
  Template,
} from './types.ts';

/** Rows on a page of a table. */
const LIMIT = 25;

const list = <T>(api: Api, path: string, query: Query = {}) =>
  infiniteQueryOptions({
    queryKey: [path, query],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<T>>(path, { limit: LIMIT, ...query, ...(pageParam && { cursor: pageParam }) }, signal),
    initialPageParam: '',
    getNextPageParam: ({ has_more, next_cursor }) => (has_more ? next_cursor : null),
  });

const one = <T>(api: Api, path: string, query: Query = {}) =>
  queryOptions({ queryKey: [path, query], queryFn: ({ signal }) => api.get<T>(path, query, signal) });

const every = <T>(api: Api, path: string, query: Query = {}) =>
  queryOptions({
    queryKey: [path, 'all', query],
    queryFn: async ({ signal }): Promise<T[]> => (await newest<T>(api, path, query, 1000, signal)).rows,
  });

/** What charts count: enough to see a shape by, and not a table's whole history once a minute. */
const COUNTED = 500;
const counted = <T>(api: Api, path: string, query: Query) =>
  queryOptions({
    queryKey: [path, 'counted', query],
    queryFn: ({ signal }) => newest<T>(api, path, query, COUNTED, signal),
    refetchInterval: 60_000,
    staleTime: 30_000,
  });
export const countedEvents = (api: Api, query: Query) => counted<Event>(api, '/webhooks/events', query);
export const countedMessages = (api: Api, query: Query) => counted<Message>(api, '/whatsapp/messages', query);

export const apiKeys = (api: Api, brand_id: string) => every<ApiKey>(api, '/api-keys', { brand_id });
export const connections = (api: Api, brand_id: string) =>
  every<Connection>(api, '/whatsapp/connections', { brand_id });
export const connection = (api: Api, id: string) => one<Connection>(api, `/whatsapp/connections/${id}`);
export const templates = (api: Api, query: Query) => list<Template>(api, '/whatsapp/templates', query);
export const messages = (api: Api, query: Query) => list<Message>(api, '/whatsapp/messages', query);
export const message = (api: Api, id: string, brand_id: string) =>
  one<MessageDetail>(api, `/whatsapp/messages/${encodeURIComponent(id)}`, { brand_id });
export const conversations = (api: Api, query: Query) => list<Conversation>(api, '/whatsapp/conversations', query);
export const conversationMessages = (api: Api, id: string, brand_id: string) =>
  list<Message>(api, `/whatsapp/conversations/${id}/messages`, { brand_id });
export const events = (api: Api, query: Query) => list<Event>(api, '/webhooks/events', query);
export const event = (api: Api, id: string, brand_id: string) =>
  one<EventDetail>(api, `/webhooks/events/${id}`, { brand_id });
export const recoveries = (api: Api, brand_id: string) => list<Recovery>(api, '/webhooks/recoveries', { brand_id });
export const recovery = (api: Api, id: string, brand_id: string) =>
  one<Recovery>(api, `/webhooks/recoveries/${id}`, { brand_id });
export const auditLog = (api: Api, query: Query) => list<AuditEntry>(api, '/audit-log', query);
export const members = (api: Api) => every<Member>(api, '/members');
