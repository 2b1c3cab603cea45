import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { MessageIdOrWamid, Recipient, Reference } from '../../shared/http/fields.ts';
import { SEND_ERRORS, SEND_RESPONSES } from '../../shared/sending/send-response.ts';

export const ReplyReactionBody = z
  .strictObject({
    to: Recipient,
    message_id: MessageIdOrWamid.meta({
      description: 'The message to react to: our id or its wamid.',
      example: 'msg_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1',
    }),
    emoji: z
      .string()
      .max(64)
      .refine((text) => text === '' || /^\p{RGI_Emoji}$/v.test(text), 'This is not one emoji.')
      .meta({ description: 'One emoji; empty takes the reaction back.', example: '👍' }),
    reference: Reference.optional(),
  })
  .meta({ id: 'ReplyReaction' });
export type ReplyReactionBody = z.output<typeof ReplyReactionBody>;

export const contract = {
  operationId: 'replies.reaction',
  tag: 'Sending',
  summary: 'React to a message',
  description:
    "An emoji on a message, within 24 hours of the person's last message. Of a reaction only `sent` is told.",
  body: ReplyReactionBody,
  isIdempotent: true,
  responses: SEND_RESPONSES,
  errors: [...SEND_ERRORS, 'outside_service_window', 'message_not_found'],
} as const satisfies EndpointContract;
