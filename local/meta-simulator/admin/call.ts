import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Account, Person } from '../accounts.ts';
import { metadataOf } from '../messages/statuses.ts';

/** `POST /_call`: a customer rings; `terminate` with the same `id` ends it. */
export const Call = z.strictObject({
  from: z.string(),
  name: z.string().optional(),
  event: z.enum(['connect', 'terminate']).default('connect'),
  id: z.string().optional(),
  /** Seconds talked; absent on a call nobody picked up. */
  duration: z.int().min(0).optional(),
  phone_number_id: z.string().optional(),
});

/** The `value` of the field `calls` (meta-cloud-api §5.7). */
export function callValue(account: Account, person: Person, call: z.infer<typeof Call>, now: number) {
  const id = call.id ?? `wacid.${randomBytes(24).toString('base64')}`;
  const seconds = Math.floor(now / 1000);
  const ended = {
    status: call.duration === undefined ? 'FAILED' : 'COMPLETED',
    ...(call.duration === undefined
      ? {}
      : { start_time: String(seconds - call.duration), end_time: String(seconds), duration: call.duration }),
  };
  const value = {
    messaging_product: 'whatsapp',
    metadata: metadataOf(account),
    contacts: [{ profile: { name: person.name }, wa_id: person.phone, user_id: person.userId }],
    calls: [
      {
        id,
        from: person.phone,
        from_user_id: person.userId,
        to: account.displayPhoneNumber,
        event: call.event,
        timestamp: String(seconds),
        direction: 'USER_INITIATED',
        ...(call.event === 'connect' ? { session: { sdp_type: 'offer', sdp: 'v=0\r\n' } } : ended),
      },
    ],
  };
  return { id, value };
}
