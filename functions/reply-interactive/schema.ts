import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { Recipient, Reference, ReplyTo } from '../../shared/http/fields.ts';
import { SEND_ERRORS, SEND_RESPONSES } from '../../shared/sending/send-response.ts';
import { Interactive } from './interactive.ts';

export const ReplyInteractiveBody = z
  .strictObject({
    to: Recipient,
    interactive: Interactive,
    reply_to: ReplyTo.optional(),
    reference: Reference.optional(),
  })
  .meta({ id: 'ReplyInteractive' });
export type ReplyInteractiveBody = z.output<typeof ReplyInteractiveBody>;

export const contract = {
  operationId: 'replies.interactive',
  tag: 'Sending',
  summary: 'Reply with buttons or a list',
  description:
    "Buttons, a list, a link button, or a request for the place or the phone number of the person, in Meta's own form; within 24 hours of the person's last message.",
  body: ReplyInteractiveBody,
  isIdempotent: true,
  responses: SEND_RESPONSES,
  errors: [...SEND_ERRORS, 'outside_service_window', 'message_not_found'],
} as const satisfies EndpointContract;
