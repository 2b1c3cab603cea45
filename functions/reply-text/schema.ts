import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { Recipient, Reference, ReplyTo } from '../../shared/http/fields.ts';
import { SEND_ERRORS, SEND_RESPONSES } from '../../shared/sending/send-response.ts';

export const ReplyTextBody = z
  .strictObject({
    to: Recipient,
    body: z.string().min(1).max(4096).meta({ description: 'The text.', example: 'Your parcel is on its way.' }),
    preview_url: z.boolean().optional().meta({ description: 'Show a preview of the first link.', example: false }),
    reply_to: ReplyTo.optional(),
    reference: Reference.optional(),
  })
  .meta({ id: 'ReplyText' });
export type ReplyTextBody = z.output<typeof ReplyTextBody>;

export const contract = {
  operationId: 'replies.text',
  tag: 'Sending',
  summary: 'Reply with text',
  description: 'A text, within 24 hours of the last message of the person. `reply_to` quotes a message.',
  body: ReplyTextBody,
  isIdempotent: true,
  responses: SEND_RESPONSES,
  errors: [...SEND_ERRORS, 'outside_service_window', 'message_not_found'],
} as const satisfies EndpointContract;
