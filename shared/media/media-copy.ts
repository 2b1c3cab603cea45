import * as z from 'zod';

/** A file of an inbound message on its way from Meta to our storage: what travels in `inbound-media`. */
export const MediaCopy = z.strictObject({
  brand_id: z.string(),
  message_id: z.string(),
  phone_number_id: z.string(),
  media_id: z.string(),
  type: z.string(),
});
export type MediaCopy = z.output<typeof MediaCopy>;

/** The file in a message's content, whatever else is in there; null when there is none. */
export const mediaIdOf = (content: unknown): string | null =>
  z.looseObject({ media: z.looseObject({ id: z.string().min(1) }) }).safeParse(content).data?.media.id ?? null;

/** Where a message's file is. The brand comes first: what belongs to one can be found, and deleted, as one. */
export const mediaKey = (brandId: string, messageId: string): string => `${brandId}/${messageId}`;
