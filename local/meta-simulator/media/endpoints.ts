import { createHmac, timingSafeEqual } from 'node:crypto';
import type { GraphCall } from '../graph/call.ts';
import { GraphError, unknownObject } from '../graph/error.ts';
import { json, type Reply } from '../http.ts';
import { refusalOfUpload } from './rules.ts';
import { type MediaStore, UPLOADED_MEDIA_MS } from './store.ts';

const URL_LIFE_SECONDS = 5 * 60;

/** Like Meta's own host lookaside.fbsbx.com, on this server. */
export const DOWNLOAD_PATH = '/whatsapp_business/attachments/';

type Deps = { media: MediaStore; now: () => number; baseUrl: () => string; urlSecret: string };

/** Uploads, media objects and their short-lived download addresses (meta-cloud-api §3). */
export function mediaEndpoints({ media, now, baseUrl, urlSecret }: Deps) {
  const seconds = () => Math.floor(now() / 1000);
  const signature = (id: string, expires: string) =>
    createHmac('sha256', urlSecret).update(`${id}.${expires}`).digest('base64url');

  /** Good for five minutes; the download needs the access token as well. */
  function downloadUrl(id: string): string {
    const expires = String(seconds() + URL_LIFE_SECONDS);
    return `${baseUrl()}${DOWNLOAD_PATH}?mid=${id}&ext=${expires}&hash=${signature(id, expires)}`;
  }

  return {
    downloadUrl,

    async upload(call: GraphCall): Promise<Reply> {
      const form = await readForm(call);
      if (form.get('messaging_product') !== 'whatsapp') {
        throw new GraphError(100, { message: 'The parameter messaging_product is required.' });
      }
      const file = form.get('file');
      if (!(file instanceof File)) throw new GraphError(100, { message: 'The parameter file is required.' });
      const declared = form.get('type');
      const mimeType = typeof declared === 'string' && declared !== '' ? declared : file.type;
      const refusal = refusalOfUpload(mimeType, file.size);
      if (refusal !== null) throw new GraphError(100, { message: refusal });
      const bytes = Buffer.from(await file.arrayBuffer());
      const { id } = media.add(call.account.phoneNumberId, mimeType, bytes, now() + UPLOADED_MEDIA_MS);
      return json(200, { id });
    },

    read(call: GraphCall, id: string): Reply {
      const found = owned(call, id);
      return json(200, {
        url: downloadUrl(id),
        mime_type: found.mimeType,
        sha256: found.sha256Hex,
        file_size: found.bytes.length,
        id,
        messaging_product: 'whatsapp',
      });
    },

    remove(call: GraphCall, id: string): Reply {
      media.delete(owned(call, id).id);
      return json(200, { success: true });
    },

    /** 404 once the address is five minutes old: the id must be asked again. */
    download(query: URLSearchParams, phoneNumberId: string): Reply {
      const [id, expires, hash] = [query.get('mid') ?? '', query.get('ext') ?? '', query.get('hash') ?? ''];
      const expected = Buffer.from(signature(id, expires));
      const given = Buffer.from(hash);
      const isGenuine = given.length === expected.length && timingSafeEqual(given, expected);
      const found = isGenuine && Number(expires) >= seconds() ? media.find(id, now()) : undefined;
      if (found?.phoneNumberId !== phoneNumberId) return json(404, { error: { message: 'Not found' } });
      return { kind: 'bytes', status: 200, contentType: found.mimeType, body: found.bytes };
    },
  };

  function owned(call: GraphCall, id: string) {
    const found = media.find(id, now());
    const asked = call.query.get('phone_number_id');
    const isOwner =
      found?.phoneNumberId === call.account.phoneNumberId && (asked === null || asked === found.phoneNumberId);
    if (found === undefined || !isOwner) throw unknownObject(call.method, id);
    return found;
  }
}

export type MediaEndpoints = ReturnType<typeof mediaEndpoints>;

async function readForm(call: GraphCall): Promise<FormData> {
  if (!call.contentType.startsWith('multipart/form-data')) {
    throw new GraphError(100, { message: 'The parameter messaging_product is required.' });
  }
  try {
    const headers = { 'content-type': call.contentType };
    return await new Response(new Uint8Array(call.rawBody), { headers }).formData();
  } catch (cause) {
    throw new GraphError(100, { details: `The multipart body cannot be read: ${String(cause)}` });
  }
}
