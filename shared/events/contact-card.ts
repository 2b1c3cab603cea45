import type * as z from 'zod';
import * as meta from '../meta/message-content-schema.ts';
import type { MessageBody } from './schemas/message-content.ts';

type ContactCard = Extract<MessageBody, { type: 'contacts' }>['content']['contacts'][number];

/** A person somebody shared. @returns null for what is no contact at all */
export function toContactCard(raw: unknown): ContactCard | null {
  const card = meta.SharedContact.safeParse(raw).data;
  if (!card) return null;
  const { name = {}, org, birthday = null, origin = null, vcard = null } = card;
  return {
    name: {
      formatted: name.formatted_name ?? null,
      first: name.first_name ?? null,
      middle: name.middle_name ?? null,
      last: name.last_name ?? null,
      prefix: name.prefix ?? null,
      suffix: name.suffix ?? null,
    },
    phones: each(card.phones, meta.ContactPhone, ({ phone = null, wa_id = null, user_id = null, type = null }) => ({
      phone,
      wa_id,
      user_id,
      type,
    })),
    emails: each(card.emails, meta.ContactEmail, ({ email, type = null }) => ({ email, type })),
    addresses: each(card.addresses, meta.ContactAddress, (address) => ({
      street: address.street ?? null,
      city: address.city ?? null,
      state: address.state ?? null,
      zip: address.zip ?? null,
      country: address.country ?? null,
      country_code: address.country_code ?? null,
      type: address.type ?? null,
    })),
    urls: each(card.urls, meta.ContactUrl, ({ url, type = null }) => ({ url, type })),
    organisation: org
      ? { company: org.company ?? null, department: org.department ?? null, title: org.title ?? null }
      : null,
    birthday,
    origin,
    vcard,
  };
}

/** The entries of a list that are what they should be. */
function each<S extends z.ZodType, T>(
  list: readonly unknown[] | undefined,
  schema: S,
  shape: (entry: z.output<S>) => T,
): T[] {
  return (list ?? []).flatMap((raw) => {
    const parsed = schema.safeParse(raw);
    return parsed.success ? [shape(parsed.data)] : [];
  });
}
