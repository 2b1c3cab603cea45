import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { MessageParams } from '../../shared/http/fields.ts';

export const MarkReadBody = z
  .strictObject({
    typing: z.boolean().default(false).meta({
      description: 'Also show that you are typing: until your reply, at most 25 seconds.',
      example: true,
    }),
  })
  .meta({ id: 'MarkRead' });
export type MarkReadBody = z.output<typeof MarkReadBody>;

export const ReadReceipt = z
  .object({
    id: z.string().meta({ description: 'Our id of the message.', example: 'msg_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
    wa_message_id: z.string().meta({ description: "Meta's id.", example: 'wamid.HBgLMTU1NTAxMDk5OTkVAgASGBI' }),
    read: z.literal(true).meta({ description: 'Meta shows it as read.', example: true }),
    typing: z.boolean().meta({ description: 'Whether typing is shown.', example: true }),
  })
  .meta({ id: 'ReadReceipt', description: 'The message is shown as read to the person.' });

export const contract = {
  operationId: 'messages.read',
  tag: 'Sending',
  summary: 'Mark a message as read',
  description:
    'Shows the person that their message, and those before it, were read; with `typing` also that an answer is being written. May be repeated.',
  params: MessageParams,
  body: MarkReadBody,
  responses: { 200: { description: 'Meta took it.', schema: ReadReceipt } },
  errors: ['message_not_found', 'connection_not_found', 'pair_rate_limited', 'whatsapp_error', 'whatsapp_unreachable'],
} as const satisfies EndpointContract;
