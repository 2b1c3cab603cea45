import * as z from 'zod';
import type { Account } from '../accounts.ts';
import { GraphError } from '../graph/error.ts';
import type { MediaStore } from '../media/store.ts';
import type { ValidMessage } from './validate.ts';

const MEDIA_KEYS: ReadonlySet<string> = new Set(['image', 'video', 'audio', 'document', 'sticker']);

const MediaById = z.object({ id: z.string() });

/** @throws GraphError 100 when a media id, wherever in the message, is not one this number may send */
export function checkMediaIds({ type, content }: ValidMessage, account: Account, media: MediaStore, now: number): void {
  for (const { name, id } of mediaIdsIn({ [type]: content })) {
    const found = media.find(id, now);
    if (found?.phoneNumberId === account.phoneNumberId) continue;
    throw new GraphError(100, {
      details: `Param ${name}['id'] is not a valid whatsapp business account media attachment ID`,
    });
  }
}

function* mediaIdsIn(value: unknown): Generator<{ name: string; id: string }> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    const media = MediaById.safeParse(inner);
    if (MEDIA_KEYS.has(name) && media.success) yield { name, id: media.data.id };
    else yield* mediaIdsIn(inner);
  }
}
