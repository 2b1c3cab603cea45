import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parseEvent } from '../../shared/events/schemas/event-schemas.ts';
import { eventually, type RunningStack } from './local-stack.ts';

/** A change of Meta's about a number: a text somebody wrote to it. */
export const textTo = (number: string, id: string) => ({
  field: 'messages',
  value: {
    metadata: { phone_number_id: number },
    contacts: [{ profile: { name: 'Frank' }, wa_id: '15550101234' }],
    messages: [{ from: '15550101234', id, timestamp: '1760000001', type: 'text', text: { body: `This is ${id}` } }],
  },
});

/** Meta's side of a running stack, and what comes of it at the tenant's. */
export const metaWebhooks = (stack: RunningStack) => {
  /** The queues that still hold something. Not too often: the answer is long. */
  const busyQueues = async () => {
    await pause(300);
    const { queues, functions } = await stack.control.health();
    const busy = Object.entries(queues).filter(([, { visible, in_flight }]) => visible + in_flight > 0);
    return busy.length === 0 ? [] : [...busy, functions['record-event'], functions['deliver-event']];
  };
  return {
    /** Posts exact bytes, signed with the app secret as Meta does. */
    async post(body: Buffer | string, signature?: string): Promise<{ status: number; ms: number }> {
      const bytes = new Uint8Array(Buffer.from(body));
      const signed = `sha256=${createHmac('sha256', stack.meta.app_secret).update(bytes).digest('hex')}`;
      const at = performance.now();
      const response = await fetch(`${stack.api_url}/api/v1/whatsapp/webhook`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature ?? signed },
        body: bytes,
      });
      await response.arrayBuffer();
      return { status: response.status, ms: performance.now() - at };
    },

    /** An example as if it were about the stack's own number. */
    ofOurs: (bytes: Buffer): Buffer =>
      Buffer.from(
        bytes
          .toString('latin1')
          .replaceAll('300000000000001', stack.meta.phone_number_id)
          .replaceAll('200000000000001', stack.meta.waba_id),
        'latin1',
      ),

    bodyOf: (changes: readonly unknown[]): string =>
      JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: stack.meta.waba_id, changes }] }),

    /** Not too often: the answer holds everything that ever came. */
    async tenantEvents() {
      await pause(300);
      return (await stack.receiver.received()).map(({ body, signature_valid }) => {
        const { delivered_at: _, ...event } = JSON.parse(body);
        return { ...parseEvent(event), signature_valid };
      });
    },

    isQuiet: () => eventually(busyQueues, (busy) => busy.length === 0, 240_000),
  };
};
