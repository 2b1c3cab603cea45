import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { MessageParams } from '../../shared/http/fields.ts';

export const MediaLink = z
  .object({
    url: z.url().meta({
      description: 'Fetch the file here, without a key.',
      example: 'https://media.quixess.com/brd_01KB/msg_01KB?X-Amz-Signature=0b1c',
    }),
    expires_at: z.iso.datetime().meta({ description: 'Until then.', example: '2026-11-22T10:35:00.000Z' }),
    mime_type: z.string().meta({ description: 'Type of the file.', example: 'image/jpeg' }),
    size: z.number().meta({ description: 'Bytes.', example: 48213 }),
  })
  .meta({ id: 'MediaLink', description: 'A short-lived link to a file.' });

export const contract = {
  operationId: 'messages.media',
  tag: 'History',
  summary: 'Get the file of a message',
  description:
    'A link to the file of an inbound message, good for five minutes. Files are taken over when the message comes in; while that is under way the answer is 409 `media_not_ready`. They are kept until `media.available_until` of the message; then the answer is 410 `media_expired`.',
  params: MessageParams,
  responses: { 200: { description: 'The link.', schema: MediaLink } },
  errors: ['message_not_found', 'media_not_found', 'media_not_ready', 'media_unavailable', 'media_expired'],
} as const satisfies EndpointContract;
