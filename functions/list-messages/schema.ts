import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { MessageIdOrWamid, PageQuery, Recipient, Reference, Since, Until } from '../../shared/http/fields.ts';
import { pageOf } from '../../shared/http/page.ts';
import { DIRECTIONS, MESSAGE_STATUSES, MessageView } from '../../shared/views/message-view.ts';

export const MessagesQuery = PageQuery.extend({
  direction: z.enum(DIRECTIONS).optional().meta({ description: 'Only in or only out.', example: 'inbound' }),
  status: z.enum(MESSAGE_STATUSES).optional().meta({ description: 'The status it has now.', example: 'delivered' }),
  type: z
    .string()
    .regex(/^[a-z_]{1,30}$/)
    .optional()
    .meta({ description: 'Type of the content.', example: 'text' }),
  contact: Recipient.optional().meta({
    description: 'Phone number or user id of the person.',
    example: '+15550109999',
  }),
  conversation_id: MessageIdOrWamid.optional().meta({
    description: 'One conversation.',
    example: 'cnv_5f1d7a84db00d2fce00b31a7fc73224f',
  }),
  reference: Reference.optional().meta({ description: 'What you gave with the send.', example: 'signup-4711' }),
  since: Since,
  until: Until,
});
export type MessagesQuery = z.output<typeof MessagesQuery>;

export const MessagesPage = pageOf('MessagesPage', MessageView);

export const contract = {
  operationId: 'messages.list',
  tag: 'History',
  summary: 'List messages',
  description:
    "The brand's messages, newest first. Walking all pages shows each message that existed at the start exactly once, also while new ones come in. A page of a rare filter may be short, or empty, with `has_more` true: go on with `next_cursor`.",
  query: MessagesQuery,
  responses: { 200: { description: 'A page of messages.', schema: MessagesPage } },
  errors: ['invalid_cursor'],
} as const satisfies EndpointContract;
