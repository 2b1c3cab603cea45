import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { Recipient, Reference, ReplyTo } from '../../shared/http/fields.ts';
import { SEND_ERRORS, SEND_RESPONSES } from '../../shared/sending/send-response.ts';

/** What WhatsApp takes of each kind (meta-cloud-api §3); WhatsApp itself looks at the file. */
const MEDIA_TYPES = ['image', 'video', 'audio', 'voice', 'document', 'sticker'] as const;
const WITH_CAPTION: readonly string[] = ['image', 'video', 'document'];

export const ReplyMediaBody = z
  .strictObject({
    to: Recipient,
    type: z.enum(MEDIA_TYPES).meta({
      description:
        'image: JPEG or PNG, 5 MB. video: MP4 or 3GP, 16 MB. audio: AAC, AMR, MP3, M4A or OGG, 16 MB. voice: OGG with OPUS, mono; a play icon up to 512 KB. document: PDF, text or Office, 100 MB. sticker: WebP, 100 KB, animated 500 KB.',
      example: 'image',
    }),
    link: z
      .url({ protocol: /^https?$/, error: 'This is not an http or https address.' })
      .max(2000)
      .optional()
      .meta({
        description: 'Public address of the file; WhatsApp fetches it.',
        example: 'https://shop.example/parcel.jpg',
      }),
    media_id: z
      .string()
      .regex(/^\d{1,32}$/, 'An id of WhatsApp is a number.')
      .optional()
      .meta({ description: 'Id of a file uploaded to WhatsApp, instead of a link.', example: '900000000000001' }),
    caption: z
      .string()
      .min(1)
      .max(1024)
      .optional()
      .meta({ description: 'Text under an image, video or document.', example: 'Your parcel' }),
    filename: z
      .string()
      .min(1)
      .max(240)
      .optional()
      .meta({ description: 'Name a document is shown with.', example: 'invoice.pdf' }),
    reply_to: ReplyTo.optional(),
    reference: Reference.optional(),
  })
  .refine(({ link, media_id }) => (link === undefined) !== (media_id === undefined), {
    path: ['link'],
    message: 'Give one of link and media_id.',
  })
  .refine(({ type, caption }) => caption === undefined || WITH_CAPTION.includes(type), {
    path: ['caption'],
    message: 'Only images, videos and documents have a caption.',
  })
  .refine(({ type, filename }) => filename === undefined || type === 'document', {
    path: ['filename'],
    message: 'Only documents have a filename.',
  })
  .meta({ id: 'ReplyMedia' });
export type ReplyMediaBody = z.output<typeof ReplyMediaBody>;

export const contract = {
  operationId: 'replies.media',
  tag: 'Sending',
  summary: 'Reply with a file',
  description:
    'An image, video, audio, voice message, document or sticker, by public link or by the id of an uploaded file, within 24 hours of the last message of the person.',
  body: ReplyMediaBody,
  isIdempotent: true,
  responses: SEND_RESPONSES,
  errors: [...SEND_ERRORS, 'outside_service_window', 'message_not_found'],
} as const satisfies EndpointContract;
