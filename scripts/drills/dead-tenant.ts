import { storedEvents } from '../../test/support/delivery.ts';
import { eventually } from '../../test/support/local-stack.ts';
import { addBrand } from '../../test/support/second-brand.ts';
import { type Drill, expect, inTime, letPass } from './drill.ts';

const DEAD_PATH = '/webhooks/dead';

/** One tenant's endpoint dies; its neighbour must not notice. @param events of the dead one after its breaker opened */
export const deadTenant = (events: number): Drill => ({
  title: "one tenant's endpoint is dead, and its neighbour does not notice",
  async run(stack, say) {
    const { brandId, phoneNumberId } = await addBrand(stack, undefined, DEAD_PATH);
    const write = (to?: string) =>
      stack.simulator.inbound({
        ...(to === undefined ? {} : { phone_number_id: to }),
        ...{ from: '15550101234', name: 'Drill', type: 'text', text: { body: 'Hello' } },
      });
    const dead = async () => (await storedEvents(stack)).filter((event) => event.brandId === brandId);
    const posts = async () => (await stack.receiver.received()).filter(({ path }) => path === DEAD_PATH).length;

    await stack.receiver.behave({ mode: 'status', status: 503, path: DEAD_PATH });
    say('A second tenant connects a number; its endpoint answers 503 to everything.');
    for (let sent = 0; sent < 12; sent += 1) await write(phoneNumberId);
    await eventually(dead, (all) => all.length === 12 && all.some(({ attempts }) => attempts.length > 0));
    await inTime(stack, 1, posts, (count) => count >= 10);
    // Every environment looks at the endpoint every 2 s.
    await letPass(stack, 3);
    const before = await posts();
    for (let sent = 0; sent < events; sent += 1) await write(phoneNumberId);
    const held = await eventually(
      dead,
      (all) => all.length === 12 + events && all.filter(({ status }) => status === 'held').length >= events,
    );
    say(
      `After ${before} attempts its breaker is open (log: endpoint.opened). ${held.filter(({ status }) => status === 'held').length} events are held, without attempts and without ladders.`,
    );

    await stack.receiver.clear();
    const began = performance.now();
    await write();
    await eventually(
      () => stack.receiver.received({ event_type: 'message.received' }),
      (all) => all.some(({ path }) => path !== DEAD_PATH),
    );
    const ms = Math.round(performance.now() - began);
    expect('the neighbour is served within seconds', ms < 5000);
    say(`Its neighbour, the demo tenant, has its event after ${ms} ms.`);

    await stack.receiver.behave({ mode: 'ok', path: DEAD_PATH });
    say('The endpoint works again. It is probed after 30 s, 1, 2 and 5 minutes …');
    const all = await inTime(stack, 15, dead, (found) => found.every(({ status }) => status === 'delivered'));
    expect('nothing is lost', all.length === 12 + events);
    say(`… and all ${all.length} events are delivered, at a bounded rate. Nobody had to do anything.`);
  },
});
