import * as z from 'zod';
import { parseJson } from '../http.ts';

const Body = z.object({
  entry: z.array(
    z.object({
      changes: z.array(
        z.object({
          value: z.object({
            metadata: z.object({ phone_number_id: z.string() }),
            messages: z.array(z.object({ from: z.string().optional() })),
          }),
        }),
      ),
    }),
  ),
});

/**
 * Who writes in a webhook posted by hand, so that it opens their 24 hours like one of ours. A body may be anything here,
 * deliberately broken too: what is no inbound message has no senders.
 */
export function inboundSenders(raw: Buffer): { phoneNumberId: string; phone: string }[] {
  const body = Body.safeParse(parseJson(raw.toString('utf8')));
  if (!body.success) return [];
  return body.data.entry
    .flatMap(({ changes }) => changes)
    .flatMap(({ value }) =>
      value.messages.flatMap(({ from }) => {
        const phone = from?.replaceAll(/\D/g, '') ?? '';
        return /^[1-9]\d{6,14}$/.test(phone) ? [{ phoneNumberId: value.metadata.phone_number_id, phone }] : [];
      }),
    );
}
