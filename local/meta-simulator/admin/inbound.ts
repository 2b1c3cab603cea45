import * as z from 'zod';
import type { Account, PeopleStore } from '../accounts.ts';
import { webhookError } from '../graph/error.ts';
import type { MediaEndpoints } from '../media/endpoints.ts';
import { INBOUND_MEDIA_MS, type MediaStore } from '../media/store.ts';
import { metadataOf } from '../messages/statuses.ts';
import { randomWamid } from '../random-ids.ts';
import { SAMPLES } from './inbound-samples.ts';

/**
 * `POST /_inbound`. The content stands under the key of its type in Meta's shape, and what is left out is filled with a
 * sample: `{"from":"+15550109999","type":"image","image":{"caption":"x"}}`. Text may be just `"text":"hello"`.
 */
export const Inbound = z.looseObject({
  /** The customer's number; may be missing when `bsuid` is given: a person whose number Meta withholds. */
  from: z.string().optional(),
  bsuid: z.string().optional(),
  name: z.string().optional(),
  username: z.string().optional(),
  type: z.string().default('text'),
  /** To send the same message twice. */
  id: z.string().optional(),
  phone_number_id: z.string().optional(),
  context: z.looseObject({}).optional(),
  referral: z.looseObject({}).optional(),
  errors: z.array(z.unknown()).optional(),
});
export type Inbound = z.infer<typeof Inbound>;

const MediaContent = z.looseObject({ mime_type: z.string(), data_base64: z.string() });

type Deps = { people: PeopleStore; media: MediaStore; mediaEndpoints: MediaEndpoints; now: () => number };

/** Builds the `value` of an inbound message (meta-cloud-api §5.3). */
export function inboundBuilder({ people, media, mediaEndpoints, now }: Deps) {
  return (account: Account, inbound: Inbound) => {
    const phone = inbound.from?.replaceAll(/\D/g, '');
    const person =
      inbound.bsuid === undefined
        ? people.withPhone(phone ?? '', inbound.name)
        : { ...people.withUserId(inbound.bsuid, inbound.name, inbound.username), phone: phone ?? null };
    const at = now();
    const timestamp = String(Math.floor(at / 1000));
    const wamid = inbound.id ?? randomWamid(phone ?? person.userId, 'inbound');
    const profile = {
      ...(person.name === '' ? {} : { name: person.name }),
      ...(inbound.username === undefined ? {} : { username: inbound.username }),
    };
    const { type, content } = contentOf(account, inbound, at);
    const message = {
      ...(phone === undefined ? {} : { from: phone }),
      from_user_id: person.userId,
      id: wamid,
      timestamp,
      type,
      ...(inbound.context === undefined ? {} : { context: inbound.context }),
      ...(inbound.referral === undefined ? {} : { referral: inbound.referral }),
      ...content,
      ...(inbound.errors !== undefined ? { errors: inbound.errors } : errorsOf(type)),
    };
    const contact = { profile, ...(phone === undefined ? {} : { wa_id: phone }), user_id: person.userId };
    const value = {
      messaging_product: 'whatsapp',
      metadata: metadataOf(account),
      // Documented: system messages come without contacts.
      ...(type === 'system' ? {} : { contacts: [contact] }),
      messages: [message],
    };
    return { wamid, timestamp, at, userId: person.userId, value };
  };

  function contentOf(account: Account, inbound: Inbound, at: number): { type: string; content: object } {
    const type = ALIASES[inbound.type] ?? inbound.type;
    const sample = SAMPLES[inbound.type];
    const given = givenContent(inbound, type);
    if (sample === undefined && given === undefined) return { type, content: {} };
    if (Array.isArray(given)) return { type, content: { [type]: given } };
    if (Array.isArray(sample) && given === undefined) return { type, content: { [type]: sample } };
    const merged = { ...sample, ...z.looseObject({}).parse(given ?? {}) };
    const file = MediaContent.safeParse(merged);
    if (!file.success) return { type, content: { [type]: merged } };
    const { data_base64, ...shown } = file.data;
    const bytes = Buffer.from(data_base64, 'base64');
    const stored = media.add(account.phoneNumberId, shown.mime_type, bytes, at + INBOUND_MEDIA_MS);
    const sha256 = Buffer.from(stored.sha256Hex, 'hex').toString('base64');
    return {
      type,
      content: { [type]: { ...shown, id: stored.id, sha256, url: mediaEndpoints.downloadUrl(stored.id) } },
    };
  }
}

/** Names for kinds that share a type with others. */
const ALIASES: Readonly<Record<string, string>> = {
  voice: 'audio',
  button_reply: 'interactive',
  list_reply: 'interactive',
  nfm_reply: 'interactive',
  call_permission_reply: 'interactive',
};

/** What the caller gave: under the type's key, or for text also as a bare string or `body`. */
function givenContent(inbound: Inbound, type: string): unknown {
  const content = inbound[type] ?? inbound[inbound.type];
  if (type === 'text') {
    if (typeof content === 'string') return { body: content };
    if (content === undefined && typeof inbound.body === 'string') return { body: inbound.body };
  }
  if (type === 'interactive' && inbound.type !== 'interactive' && inbound[inbound.type] !== undefined) {
    return { type: inbound.type, [inbound.type]: inbound[inbound.type] };
  }
  return content;
}

function errorsOf(type: string): object {
  if (type !== 'unsupported') return {};
  return { errors: [webhookError(131051, 'Message type is currently not supported.')] };
}
