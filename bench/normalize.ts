import { createHmac, timingSafeEqual } from 'node:crypto';
import { normalize } from '../shared/events/normalize.ts';
import { packUpdates } from '../shared/events/pack-updates.ts';
import { parseLossless } from '../shared/meta/lossless-json.ts';

// `node bench/normalize.ts`: what one core normalizes, and which share of receive-meta-webhook's own time that is.

const UPDATES = 1000;
const ROUNDS = 60;
const WARM_UP = 15;
const SECRET = 'app-secret';

const change = (value: object) => ({
  field: 'messages',
  value: { messaging_product: 'whatsapp', ...METADATA, ...value },
});
const METADATA = { metadata: { display_phone_number: '15550100001', phone_number_id: '300000000000001' } };
const FRANK = { profile: { name: 'Frank' }, wa_id: '15550101234', user_id: 'US.1000' };
const wamid = (index: number) => `wamid.HBgLMTU1NTAxMDEyMzQVAgASGBQzQTdDN0Y0QzE4RTk2${String(index).padStart(6, '0')}`;

const text = (index: number) =>
  change({
    contacts: [FRANK],
    messages: [
      {
        ...{ from: '15550101234', from_user_id: 'US.1000', id: wamid(index), timestamp: '1760000001' },
        ...{ type: 'text', text: { body: 'Hi there, is my order on its way?' } },
      },
    ],
  });
const status = (index: number) =>
  change({
    contacts: [FRANK],
    statuses: [
      {
        ...{ id: wamid(index), status: 'delivered', timestamp: '1760000002', recipient_id: '15550101234' },
        ...{ recipient_user_id: 'US.1000', biz_opaque_callback_data: 'msg_01K76N5VR0ZZZZZZZZZZZZZZZZ' },
        pricing: { billable: true, pricing_model: 'PMP', type: 'regular', category: 'authentication' },
      },
    ],
  });
const image = (index: number) =>
  change({
    contacts: [FRANK],
    messages: [
      {
        ...{ from: '15550101234', id: wamid(index), timestamp: '1760000001', type: 'image' },
        image: { id: '800000000000001', mime_type: 'image/jpeg', sha256: 'x2xBe3fW', caption: 'The receipt' },
      },
    ],
  });

/** Processor time of the fastest half of the rounds, nanoseconds: on a machine that others use too, the clock on the wall tells of them. */
function time(work: () => unknown): number {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    if (round >= WARM_UP) rounds.push((user + system) * 1000);
  }
  const fastest = rounds.sort((a, b) => a - b).slice(0, Math.ceil(rounds.length / 2));
  return fastest.reduce((sum, one) => sum + one, 0) / fastest.length;
}

const perSecond = (nanoseconds: number): string => Math.round((UPDATES * 1e9) / nanoseconds).toLocaleString('en-US');

const KINDS = {
  text,
  status,
  image,
  mixed: (index: number) => [text, status, image][index % 3]?.(index) ?? text(index),
};

console.info('updates per second on one core, 1,000 in a body');
console.info("kind     normalize    all of the function's own work (share of normalization)");
for (const [kind, make] of Object.entries(KINDS)) {
  const changes = Array.from({ length: UPDATES }, (_, index) => make(index));
  const body = Buffer.from(
    JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '200000000000001', changes }] }),
  );
  const parsed = parseLossless(body.toString('utf8'));
  const signature = createHmac('sha256', SECRET).update(body).digest();
  const normalizing = time(() => normalize(parsed, 0));
  const whole = time(() => {
    timingSafeEqual(createHmac('sha256', SECRET).update(body).digest(), signature);
    return packUpdates(normalize(parseLossless(body.toString('utf8')), 0).updates, 0);
  });
  const share = Math.round((100 * normalizing) / whole);
  console.info(
    `${kind.padEnd(9)}${perSecond(normalizing).padStart(9)}    ${perSecond(whole).padStart(9)} (${share} %)`,
  );
}
