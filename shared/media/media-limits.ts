const MB = 1024 * 1024;

/** Largest file of each kind that WhatsApp lets through, bytes (meta-cloud-api §3). Documents are the largest. */
const MAX_BYTES: Readonly<Record<string, number>> = {
  audio: 16 * MB,
  voice: 16 * MB,
  image: 5 * MB,
  sticker: MB,
  video: 16 * MB,
  document: 100 * MB,
};
export const MAX_MEDIA_BYTES = 100 * MB;

/** What a browser would run, were it given out under its own type. */
const NEVER =
  /^(?:text\/html|application\/xhtml|image\/svg|text\/javascript|application\/javascript|application\/x-msdownload)/i;
const BY_KIND: Readonly<Record<string, RegExp>> = {
  audio: /^audio\//i,
  voice: /^audio\//i,
  image: /^image\//i,
  sticker: /^image\//i,
  video: /^video\//i,
};

/** @returns why a file is not taken over, null when it is */
export function refusalOfMedia(kind: string, mimeType: string, size: number): 'too_large' | 'type_not_allowed' | null {
  if (NEVER.test(mimeType) || !(BY_KIND[kind] ?? /\//).test(mimeType)) return 'type_not_allowed';
  return size > (MAX_BYTES[kind] ?? MAX_MEDIA_BYTES) ? 'too_large' : null;
}
