import type * as z from 'zod';
import type { ErrorCode } from '../error-codes.ts';

/** The sections of the API reference. */
export const TAGS = {
  Sending: 'Messages to people: one-time passwords, templates and, within 24 hours of their last message, replies.',
  Templates: "The brand's message templates as Meta approved them.",
  History: 'Messages and conversations, newest first.',
  Webhooks: 'Events that were delivered to your endpoint, and every attempt.',
  Connections: 'For people: the WhatsApp numbers of your brands, their tokens, webhook URLs and signing secrets.',
  Account: 'The API key itself, and this document.',
  'Deliveries and history': 'For people: the events, messages and conversations of a brand.',
  'API keys': 'For people: the keys of a brand.',
  Organisation: 'For people: your organisation, its members and brands, and what was changed by whom.',
} as const;

/**
 * What one endpoint takes and gives: its function checks requests and answers with it, and the API document is made
 * of it. Lives as `contract` in the function's `schema.ts`; method, path and scope are its row in shared/routes.ts.
 * Every field has an `example` and a `description` by zod's `.meta`.
 */
export type EndpointContract = {
  /** `<resource>.<verb>`: SDKs make `quixess.messages.list()` of it. */
  operationId: `${string}.${string}`;
  tag: keyof typeof TAGS;
  summary: string;
  description: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Takes `Idempotency-Key`: every POST does, unless repeating it is harmless by itself. */
  isIdempotent?: boolean;
  responses: Readonly<Record<number, { description: string; schema: z.ZodType; isCsvToo?: boolean }>>;
  /** Codes beside those that every endpoint may answer with (shared/openapi/document.ts). */
  errors: readonly ErrorCode[];
};
