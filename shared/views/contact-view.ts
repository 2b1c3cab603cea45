import * as z from 'zod';
import { USER_ID } from '../http/fields.ts';
import type { Message } from '../store/message.ts';

/** A person; at least one of phone and user id is known. */
export const ContactView = z
  .object({
    phone: z
      .string()
      .nullable()
      .meta({ description: 'Digits; null where WhatsApp withholds the number.', example: '15550109999' }),
    user_id: z
      .string()
      .nullable()
      .meta({ description: "WhatsApp's id of the person for this business.", example: 'US.13491208655302741918' }),
    name: z.string().nullable().meta({ description: 'Name of the WhatsApp profile.', example: 'Ada' }),
    username: z.string().nullable().meta({ description: 'WhatsApp username.', example: '@ada' }),
  })
  .meta({ id: 'Contact', description: 'A person: with a phone number, a user id, or both.' });

/** @returns null when all we know of a message is a status */
export function contactOf({
  contact,
  contactUserId,
  contactName,
  contactUsername,
}: Message): z.input<typeof ContactView> | null {
  if (contact === undefined) return null;
  const isUserId = USER_ID.test(contact);
  return {
    phone: isUserId ? null : contact,
    user_id: isUserId ? contact : (contactUserId ?? null),
    name: contactName ?? null,
    username: contactUsername ?? null,
  };
}
