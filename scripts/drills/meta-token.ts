import { randomUUID } from 'node:crypto';
import { eventually } from '../../test/support/local-stack.ts';
import { sendOtp } from '../../test/support/tenant.ts';
import { type Drill, expect } from './drill.ts';

/** Meta no longer takes a tenant's token: it ran out, or somebody left the business. */
export const metaToken: Drill = {
  title: "a tenant's token at Meta expires",
  async run(stack, say) {
    const key = `drill-${randomUUID()}`;
    const send = () => sendOtp(stack, { headers: { 'Idempotency-Key': key } });
    await stack.simulator.behave({ outcome: 'error-190' });
    try {
      say('Meta answers every send with 190: the access token has expired.');
      const refused = await send();
      expect('it is refused with the reason', refused.status === 502 && refused.body.code === 'whatsapp_error');
      expect('nobody is told to try again', refused.body.retryable === false);
      say(
        `POST /send/otp answers 502 whatsapp_error, retryable ${refused.body.retryable}, with Meta's own error in it.`,
      );
      say(`What the tenant is told to do: ${refused.body.fix}`);

      await stack.receiver.clear();
      await stack.simulator.inbound({
        from: '15550101234',
        name: 'Drill',
        type: 'text',
        text: { body: 'Still here?' },
      });
      await eventually(
        () => stack.receiver.received({ event_type: 'message.received' }),
        (all) => all.length > 0,
      );
      say('What people write still arrives at the tenant: webhooks need no token.');
    } finally {
      await stack.simulator.behaveAgain();
    }
    say(
      "The tenant puts a new token in (dashboard → the connection). It is read again within 60 s: the secrets' cache.",
    );
    const again = await send();
    expect(
      'the same Idempotency-Key repeats its answer',
      again.status === 502 && again.headers.get('idempotency-replayed') === 'true',
    );
    say('The same Idempotency-Key still answers the 502: that send was refused, and is not sent by a repetition.');
    const fresh = await sendOtp(stack, { headers: { 'Idempotency-Key': `${key}-2` } });
    expect('a new send goes out', fresh.status === 200);
    say(`A new send answers ${fresh.status}: ${fresh.body.id}.`);
  },
};
