import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, type Simulation, startSimulation } from './support.ts';

let simulation: Simulation;

beforeAll(async () => {
  simulation = await startSimulation();
});
afterAll(() => simulation.stop());

const FROM = '+15550109999';

/** What arrives at our webhook when a customer does this. */
async function arrives(path: '/_inbound' | '/_call', wish: object) {
  const before = simulation.hook.received.length;
  const answer = await simulation.call<{ wamid: string; timestamp: string }>('POST', path, wish);
  expect(answer.status).toBe(202);
  await eventually(
    () => simulation.hook.received.length,
    (length) => length > before,
  );
  const change = simulation.hook.received[before]?.body.entry[0]?.changes[0];
  return { answer: answer.body, field: change?.field, value: change?.value ?? {} };
}

describe('inbound messages of the simulator', () => {
  test('text has the whole shape of §5.3', async () => {
    const { answer, field, value } = await arrives('/_inbound', {
      from: FROM,
      name: 'Frank',
      text: { body: 'Hi there' },
    });
    expect(field).toBe('messages');
    expect(value).toEqual({
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: '15550100001', phone_number_id: simulation.meta.phoneNumberId },
      contacts: [{ profile: { name: 'Frank' }, wa_id: '15550109999', user_id: expect.stringMatching(/^US\.\d+$/) }],
      messages: [
        {
          from: '15550109999',
          from_user_id: expect.stringMatching(/^US\.\d+$/),
          id: answer.wamid,
          timestamp: answer.timestamp,
          type: 'text',
          text: { body: 'Hi there' },
        },
      ],
    });
    expect(answer.timestamp).toBe('1795341600');
  });

  test.each<[object, object]>([
    [{ body: 'short' }, { type: 'text', text: { body: 'short' } }],
    [
      { type: 'image', image: { caption: 'x' } },
      { type: 'image', image: { mime_type: 'image/jpeg', caption: 'x' } },
    ],
    [{ type: 'video' }, { type: 'video', video: { mime_type: 'video/mp4' } }],
    [{ type: 'voice' }, { type: 'audio', audio: { mime_type: 'audio/ogg; codecs=opus', voice: true } }],
    [{ type: 'document' }, { type: 'document', document: { filename: 'receipt.pdf' } }],
    [{ type: 'sticker' }, { type: 'sticker', sticker: { animated: false } }],
    [{ type: 'location' }, { type: 'location', location: { latitude: 37.44, longitude: -122.16 } }],
    [{ type: 'contacts' }, { type: 'contacts', contacts: [{ origin: 'other' }] }],
    [
      { type: 'reaction', reaction: { message_id: 'wamid.A', emoji: '' } },
      { type: 'reaction', reaction: { message_id: 'wamid.A', emoji: '' } },
    ],
    [
      { type: 'button', context: { from: '15550100001', id: 'wamid.A' } },
      { type: 'button', context: { id: 'wamid.A' }, button: { payload: 'YES-42' } },
    ],
    [
      { type: 'button_reply' },
      { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: 'b1' } } },
    ],
    [
      { type: 'list_reply', list_reply: { id: 'r9', title: 'Nine' } },
      { type: 'interactive', interactive: { type: 'list_reply', list_reply: { id: 'r9', title: 'Nine' } } },
    ],
    [
      { type: 'nfm_reply' },
      {
        type: 'interactive',
        interactive: { type: 'nfm_reply', nfm_reply: { response_json: '{"flow_token":"token-1"}' } },
      },
    ],
    [{ type: 'order' }, { type: 'order', order: { catalog_id: '1' } }],
    [
      { type: 'unsupported' },
      { type: 'unsupported', unsupported: { type: 'poll_creation' }, errors: [{ code: 131051 }] },
    ],
    [{ type: 'request_welcome' }, { type: 'request_welcome' }],
    [
      { text: 'ad', referral: { source_id: '1' } },
      { type: 'text', referral: { source_id: '1' } },
    ],
    [{ id: 'wamid.SAME' }, { id: 'wamid.SAME' }],
  ])('%j', async (wish, message) => {
    const { value } = await arrives('/_inbound', { from: FROM, ...wish });
    expect(value.messages).toMatchObject([message]);
  });

  test('a person without a phone number has no from and no wa_id', async () => {
    const { value } = await arrives('/_inbound', { bsuid: 'US.1000', name: 'U', username: '@u' });
    expect(value.contacts).toEqual([{ profile: { name: 'U', username: '@u' }, user_id: 'US.1000' }]);
    expect(value.messages?.[0]).not.toHaveProperty('from');
    expect(value.messages?.[0]).toMatchObject({ from_user_id: 'US.1000' });
  });

  test('system messages have no contacts', async () => {
    const { value } = await arrives('/_inbound', { from: FROM, type: 'system' });
    expect(value).not.toHaveProperty('contacts');
    expect(value.messages).toMatchObject([{ type: 'system', system: { type: 'user_changed_number' } }]);
  });

  test('media can be fetched with the token, by its url and by its id', async () => {
    const { value } = await arrives('/_inbound', {
      from: FROM,
      type: 'image',
      image: { data_base64: Buffer.from('picture').toString('base64') },
    });
    const image = value.messages?.[0]?.image as { id: string; url: string; sha256: string };
    expect(image).not.toHaveProperty('data_base64');
    const headers = { authorization: `Bearer ${simulation.meta.accessToken}` };
    expect(await (await fetch(image.url, { headers })).text()).toBe('picture');
    const about = (await simulation.graph('GET', image.id)).body as unknown as { sha256: string };
    expect(Buffer.from(about.sha256, 'hex').toString('base64')).toBe(image.sha256);
  });

  test.each([[{}], [{ from: 5 }], [{ from: FROM, phone_number_id: '1' }]])('refuses %j', async (wish) => {
    expect((await simulation.call('POST', '/_inbound', wish)).status).toBeGreaterThanOrEqual(400);
  });
});

describe('calls of the simulator', () => {
  test('a customer rings and hangs up', async () => {
    const ring = await arrives('/_call', { from: FROM });
    expect(ring.field).toBe('calls');
    const { id } = (ring.value.calls as { id: string }[])[0] ?? { id: '' };
    expect(ring.value.calls).toMatchObject([
      { event: 'connect', direction: 'USER_INITIATED', from: '15550109999', to: '15550100001' },
    ]);
    const end = await arrives('/_call', { from: FROM, event: 'terminate', id, duration: 59 });
    expect(end.value.calls).toMatchObject([{ id, event: 'terminate', status: 'COMPLETED', duration: 59 }]);
  });
});
