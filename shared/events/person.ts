import * as z from 'zod';
import { Contact, type NumberValue } from '../meta/webhook-schema.ts';

/** A person, one of phone and user id always present: contract §6. */
export const Person = z
  .strictObject({
    phone: z.string().nullable().meta({
      description: 'Digits of the phone number, without `+`; null for one who writes under a username.',
      example: '15550109999',
    }),
    user_id: z
      .string()
      .nullable()
      .meta({ description: "WhatsApp's id of the person for this business.", example: 'US.13491208655302741918' }),
    name: z.string().nullable().meta({ description: 'The name of the WhatsApp profile.', example: 'Ada' }),
    username: z.string().nullable().meta({ description: 'The WhatsApp username.', example: '@ada' }),
  })
  .meta({ id: 'EventPerson', description: 'A person; a phone number, a user id or both are there.' });
export type Person = z.output<typeof Person>;

export const NOBODY: Person = { phone: null, user_id: null, name: null, username: null };

/** Some senders of Meta's put a business-scoped user id where the phone number was (meta-cloud-api §2.6). */
const USER_ID = /^[A-Z]{2}\.[\w.]{1,200}$/;
/** E.164 has 15 digits at most; a contact whose number is longer is some other thing. */
const MAX_DIGITS = 20;

/** What Meta calls a person by, whichever of the two stands where: digits of a phone number, and a user id. */
export function identify(id: string | undefined, userId: string | undefined) {
  const isUserId = id !== undefined && USER_ID.test(id);
  const digits = id === undefined || isUserId ? '' : id.replace(/\D/g, '');
  return {
    phone: digits !== '' && digits.length <= MAX_DIGITS ? digits : null,
    user_id: userId !== undefined && USER_ID.test(userId) ? userId : isUserId ? id : null,
  };
}

/** The people named beside the updates; odd ones are nobody. */
export function contactsOf(value: NumberValue): Person[] {
  return (value.contacts ?? []).flatMap((raw): Person[] => {
    const contact = Contact.safeParse(raw).data;
    if (!contact) return [];
    const { name = null, username = null } = contact.profile ?? {};
    return [{ ...identify(contact.wa_id, contact.user_id), name, username }];
  });
}

/**
 * The person an update names, with what the contacts beside it add. One contact alone is taken for the person even where
 * the numbers differ, for `wa_id` is not always the number dialled (meta-cloud-api §7).
 * @returns null when neither a number nor a user id is known
 */
export function toPerson(
  id: string | undefined,
  userId: string | undefined,
  contacts: readonly Person[],
): Person | null {
  const { phone, user_id } = identify(id, userId);
  const contact =
    contacts.find((one) => (phone !== null && one.phone === phone) || (user_id !== null && one.user_id === user_id)) ??
    (contacts.length === 1 ? contacts[0] : undefined);
  const person = {
    phone: phone ?? contact?.phone ?? null,
    user_id: user_id ?? contact?.user_id ?? null,
    name: contact?.name ?? null,
    username: contact?.username ?? null,
  };
  return person.phone === null && person.user_id === null ? null : person;
}
