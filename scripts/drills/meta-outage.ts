import { randomUUID } from 'node:crypto';
import { eventually } from '../../test/support/local-stack.ts';
import { sendOtp, sentMessages } from '../../test/support/tenant.ts';
import { type Drill, expect } from './drill.ts';

/** Meta takes a send and the answer is lost: the worst of an outage, for nobody knows whether the person has the code. */
export const metaOutage: Drill = {
  title: 'Meta is down: answers get lost, and nothing is sent twice',
  async run(stack, say) {
    const key = `drill-${randomUUID()}`;
    const send = () => sendOtp(stack, { headers: { 'Idempotency-Key': key } });
    const { length: before } = await sentMessages(stack);
    await stack.receiver.clear();

    await stack.simulator.behave({ outcome: 'html-502', times: 1 });
    const gone = await sendOtp(stack);
    expect('a refusal without reason is unknown', gone.status === 202);
    say(
      `Meta's edge answers a page of HTML: the tenant has ${gone.status} ${gone.body.status}. It is not sent again by us.`,
    );

    await stack.simulator.behave({ outcome: 'reset', times: 1 });
    const first = await send();
    expect('the outcome is unknown', first.status === 202 && first.body.status === 'outcome_unknown');
    say(`Meta takes the message and hangs up: the tenant has 202 outcome_unknown, ${first.body.id}.`);
    const second = await send();
    expect('a repetition sends nothing', second.status === 202 || second.status === 200);
    say(
      `The tenant repeats it with the same Idempotency-Key: ${second.status}, the same id, and Meta is not asked again.`,
    );

    const reconciled = await eventually(
      () => stack.receiver.received({ event_type: 'message.reconciled' }),
      (all) => all.length > 0,
    );
    say(
      `Meta's first status tells what became of it: the tenant is told message.reconciled (${reconciled.length} event).`,
    );
    const resolved = await eventually(send, ({ status }) => status === 200);
    expect('the answer is that of the one message', resolved.body.id === first.body.id);
    const { length: after } = await sentMessages(stack);
    expect('one person got one message', after - before === 1);
    say(`Now the same Idempotency-Key answers 200 with the wamid. Messages that went out: ${after - before}.`);
  },
};
