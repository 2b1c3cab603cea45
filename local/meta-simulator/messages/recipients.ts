import type { PeopleStore, Person } from '../accounts.ts';
import { GraphError } from '../graph/error.ts';
import type { Envelope } from './schema.ts';

/** Whom a send reaches, and how the answer names them. */
export type Recipient = {
  person: Person;
  /** As the caller wrote it. */
  input: string;
  isByUserId: boolean;
};

/** Country code of the made-up sender +1 555 010 …. */
const SENDER_COUNTRY_CODE = '1';

const USER_ID = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/;

/** @throws GraphError 131009 for something that is no recipient, 131062 where only a phone number will do */
export function resolveRecipient(envelope: Envelope, people: PeopleStore): Recipient {
  if (envelope.recipient_type === 'group') {
    throw new GraphError(100, { details: 'Groups are not enabled for this phone number.' });
  }
  if (envelope.to !== undefined) {
    // Documented precedence: `to` wins when both are there.
    return { person: people.withPhone(waIdOf(envelope.to)), input: envelope.to, isByUserId: false };
  }
  const userId = envelope.recipient ?? '';
  if (!USER_ID.test(userId))
    throw new GraphError(131009, { details: 'Param recipient is not a business-scoped user ID.' });
  return { person: people.withUserId(userId), input: userId, isByUserId: true };
}

/**
 * Meta's reading of `to`. Without a plus the sender's own country code is put before it (meta-cloud-api §7), so a caller
 * that forgets the plus reaches a stranger. The wa_id differs from the number dialled in three countries.
 */
export function waIdOf(to: string): string {
  if (!/^\+?[\d\s().-]+$/.test(to)) throw new GraphError(131009, { details: 'Param to is not a phone number.' });
  const digits = to.replaceAll(/\D/g, '');
  const dialled = to.startsWith('+') ? digits : SENDER_COUNTRY_CODE + digits;
  if (!/^[1-9]\d{6,14}$/.test(dialled)) throw new GraphError(131009, { details: 'Param to is not a phone number.' });
  if (/^55\d{2}9\d{8}$/.test(dialled)) return dialled.slice(0, 4) + dialled.slice(5);
  if (/^52[^1]\d{9}$/.test(dialled)) return `521${dialled.slice(2)}`;
  if (/^54[^9]\d{9}$/.test(dialled)) return `549${dialled.slice(2)}`;
  return dialled;
}
