import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { orderUpdate, otp, type Simulation, startSimulation, text } from './support.ts';

let simulation: Simulation;

beforeAll(async () => {
  simulation = await startSimulation();
  await simulation.call('PUT', '/_settings', { service_window: 'off' });
});
afterAll(() => simulation.stop());

const TO = '+15550109999';
const LINK = 'https://cdn.example/file';
const message = (type: string, content: unknown, extra: object = {}) => ({
  messaging_product: 'whatsapp',
  to: TO,
  type,
  [type]: content,
  ...extra,
});
const interactive = (content: object) => message('interactive', { body: { text: 'Choose' }, ...content });
const reply = (id: string, title: string) => ({ type: 'reply', reply: { id, title } });
const rows = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => ({ id: `r${from + at}`, title: 'Row' }));
const list = (sections: object[]) => interactive({ type: 'list', action: { button: 'Open', sections } });
const body = (...texts: string[]) => ({
  type: 'body',
  parameters: texts.map((each) => ({ type: 'text', text: each })),
});
const urlButton = (value: string, index: unknown = 0) => ({
  type: 'button',
  sub_type: 'url',
  index,
  parameters: [{ type: 'text', text: value }],
});

describe('the simulator takes what the reference shows', () => {
  test.each<[string, object]>([
    ['text', text(TO)],
    ['text without a type', { messaging_product: 'whatsapp', to: TO, text: { body: 'hi' } }],
    [
      'text as a quote, with our mark',
      text(TO, { context: { message_id: 'wamid.A' }, biz_opaque_callback_data: 'm-1' }),
    ],
    ['image', message('image', { link: LINK, caption: 'x' })],
    ['video', message('video', { link: LINK })],
    ['voice', message('audio', { link: LINK, voice: true })],
    ['document', message('document', { link: LINK, filename: 'invoice.pdf', caption: 'x' })],
    ['sticker', message('sticker', { link: LINK })],
    ['reaction', message('reaction', { message_id: 'wamid.A', emoji: '👍' })],
    ['reaction taken back', message('reaction', { message_id: 'wamid.A', emoji: '' })],
    ['location with strings', message('location', { latitude: '37.44', longitude: '-122.16', name: 'HQ' })],
    ['location with numbers', message('location', { latitude: 37.44, longitude: -122.16 })],
    [
      'contacts',
      message('contacts', [
        {
          name: { formatted_name: 'Test User', first_name: 'Test' },
          phones: [{ phone: '+15550101111', type: 'Mobile', wa_id: '15550101111' }],
          emails: [{ email: 'a@example.com', type: 'Work' }],
          org: { company: 'Acme' },
          birthday: '1999-01-23',
        },
      ]),
    ],
    ['buttons', interactive({ type: 'button', action: { buttons: [reply('a', 'Yes'), reply('b', 'No')] } })],
    [
      'buttons under a picture',
      interactive({
        type: 'button',
        header: { type: 'image', image: { link: LINK } },
        action: { buttons: [reply('a', 'Yes')] },
      }),
    ],
    [
      'list',
      list([
        { title: 'One', rows: rows(5) },
        { title: 'Two', rows: rows(5, 5) },
      ]),
    ],
    [
      'link button',
      interactive({
        type: 'cta_url',
        action: { name: 'cta_url', parameters: { display_text: 'Go', url: 'https://example.com' } },
      }),
    ],
    ['location request', interactive({ type: 'location_request_message', action: { name: 'send_location' } })],
    ['contact request', interactive({ type: 'contact_request', action: { name: 'request_contact_info' } })],
    ['one-time code', otp(TO)],
    ['template', orderUpdate()],
  ])('%s', async (_name, sent) => {
    const answer = await simulation.send(sent);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      messaging_product: 'whatsapp',
      contacts: [{ input: TO, wa_id: '15550109999' }],
      messages: [{ id: expect.stringMatching(/^wamid\./), message_status: 'accepted' }],
    });
  });

  test.each([{}, { typing_indicator: { type: 'text' } }])('a read receipt %j', async (extra) => {
    const receipt = { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.IN1', ...extra };
    expect(await simulation.send(receipt)).toMatchObject({ status: 200, body: { success: true } });
  });
});

describe('the simulator refuses what the reference does not allow', () => {
  test.each<[string, unknown, number]>([
    ['no messaging_product', { to: TO, type: 'text', text: { body: 'x' } }, 100],
    ['another product', text(TO, { messaging_product: 'sms' }), 100],
    ['no recipient', { messaging_product: 'whatsapp', type: 'text', text: { body: 'x' } }, 100],
    ['letters as a number', text('+1555abc'), 131009],
    ['a number as JSON number', text(TO, { to: 15550109999 }), 131009],
    ['an unknown type', message('telegram', {}), 100],
    ['a type not modelled', message('order', {}), 131051],
    ['a flow', interactive({ type: 'flow', action: {} }), 131051],
    ['a misspelled key', text(TO, { biz_opaque_calback_data: 'x' }), 100],
    ['content of another type', text(TO, { image: { link: LINK } }), 100],
    ['callback data of 513', text(TO, { biz_opaque_callback_data: 'x'.repeat(513) }), 100],
    ['no content', { messaging_product: 'whatsapp', to: TO, type: 'text' }, 131008],
    ['no body', message('text', {}), 131008],
    ['text of 4097', message('text', { body: 'x'.repeat(4097) }), 100],
    ['preview_url as a string', message('text', { body: 'x', preview_url: 'true' }), 131009],
    ['media without id and link', message('image', { caption: 'x' }), 131008],
    ['media with id and link', message('image', { id: '1', link: LINK }), 100],
    ['a link that is no address', message('image', { link: 'file.jpg' }), 131009],
    ['an unknown media id', message('image', { id: '900000000000001' }), 100],
    [
      'an unknown media id in a header',
      interactive({
        type: 'button',
        header: { type: 'image', image: { id: '9' } },
        action: { buttons: [reply('a', 'Yes')] },
      }),
      100,
    ],
    ['a caption on audio', message('audio', { link: LINK, caption: 'x' }), 100],
    ['a caption of 1025', message('image', { link: LINK, caption: 'x'.repeat(1025) }), 100],
    ['latitude 91', message('location', { latitude: 91, longitude: 0 }), 131009],
    ['a contact with formatted_name only', message('contacts', [{ name: { formatted_name: 'T' } }]), 131008],
    [
      'four buttons',
      interactive({ type: 'button', action: { buttons: ['a', 'b', 'c', 'd'].map((id) => reply(id, id)) } }),
      100,
    ],
    ['twin titles', interactive({ type: 'button', action: { buttons: [reply('a', 'Yes'), reply('b', 'Yes')] } }), 100],
    ['a title of 21', interactive({ type: 'button', action: { buttons: [reply('a', 'x'.repeat(21))] } }), 100],
    [
      'eleven rows in all',
      list([
        { title: 'One', rows: rows(6) },
        { title: 'Two', rows: rows(5, 6) },
      ]),
      100,
    ],
    ['sections without titles', list([{ rows: rows(1) }, { rows: rows(1, 1) }]), 131008],
    [
      'a quoted reaction',
      message('reaction', { message_id: 'wamid.A', emoji: '👍' }, { context: { message_id: 'wamid.B' } }),
      100,
    ],
    ['ourselves as recipient', text('+15550100001'), 131021],
    ['typing without read', { messaging_product: 'whatsapp', status: 'delivered', message_id: 'wamid.A' }, 131009],
    ['no JSON', '{"messaging_product"', 100],
    ['a user id for a one-time code', otp(TO, { to: undefined, recipient: 'US.1000' }), 131062],
    ['a recipient that is no user id', text(TO, { to: undefined, recipient: '1000' }), 131009],
  ])('%s', async (_name, sent, code) => {
    const answer = await simulation.send(sent);
    expect(answer.body.error).toMatchObject({
      code,
      fbtrace_id: expect.any(String),
      message: expect.stringContaining(`(#${code})`),
    });
    expect(answer.status).toBe(400);
  });

  test.each<[string, object, number, number]>([
    ['a template nobody made', orderUpdate([], 'nothing'), 132001, 404],
    ['a template in another language', orderUpdate([], 'order_update', 'en'), 132001, 404],
    ['a pending template', orderUpdate([body('Ada')], 'welcome_back'), 132001, 404],
    ['a rejected template', orderUpdate([body('noon')], 'flash_sale'), 132001, 404],
    ['one parameter of two', orderUpdate([body('Ada'), urlButton('A-42')]), 132000, 400],
    ['no components', orderUpdate([]), 132000, 400],
    [
      'a header parameter without a header',
      orderUpdate([{ ...body('x'), type: 'header' }, body('Ada', 'A'), urlButton('A')]),
      132000,
      400,
    ],
    ['no button parameter', orderUpdate([body('Ada', 'A-42')]), 131008, 400],
    ['a button that is not there', orderUpdate([body('Ada', 'A-42'), urlButton('A'), urlButton('B', 1)]), 132018, 400],
    [
      'a button of another kind',
      orderUpdate([
        body('Ada', 'A'),
        { type: 'button', sub_type: 'quick_reply', index: 0, parameters: [{ type: 'payload', payload: 'x' }] },
      ]),
      132012,
      400,
    ],
    ['a line break in a parameter', orderUpdate([body('Ada\nB', 'A-42'), urlButton('A')]), 132018, 400],
    ['an empty parameter', orderUpdate([body('', 'A-42'), urlButton('A')]), 100, 400],
    ['a body of more than 1024', orderUpdate([body('x'.repeat(1100), 'A'), urlButton('A')]), 132005, 400],
    [
      'names for positions',
      orderUpdate([
        {
          type: 'body',
          parameters: [
            { type: 'text', text: 'a', parameter_name: 'n' },
            { type: 'text', text: 'b' },
          ],
        },
        urlButton('A'),
      ]),
      100,
      400,
    ],
    ['another code on the button', otp(TO, {}, '482913', '482914'), 132018, 400],
    ['a code of 16', otp(TO, {}, '1234567890123456'), 132018, 400],
    ['a link as code', otp(TO, {}, 'www.a.io'), 132018, 400],
    ['an upper-case component', orderUpdate([{ ...body('Ada', 'A'), type: 'BODY' }]), 131009, 400],
  ])('%s', async (_name, sent, code, status) => {
    const answer = await simulation.send(sent);
    expect({ status: answer.status, code: answer.body.error.code }).toEqual({ status, code });
    expect(answer.body.error.error_data.details).toEqual(expect.any(String));
  });

  test.each<[string, number]>([
    ['PAUSED', 132015],
    ['DISABLED', 132016],
  ])('a %s template', async (event, code) => {
    await simulation.call('POST', '/_template_status', { name: 'order_update', event });
    expect((await simulation.send(orderUpdate())).body.error.code).toBe(code);
    await simulation.call('POST', '/_template_status', { name: 'order_update', event: 'APPROVED' });
  });
});

describe('the simulator checks who calls', () => {
  test.each<[string, string | null, number, number]>([
    ['no token', null, 400, 104],
    ['a wrong token', 'EAAnope', 401, 190],
  ])('%s', async (_name, token, status, code) => {
    expect(await simulation.send(text(TO), token)).toMatchObject({ status, body: { error: { code } } });
  });

  test('no token on a GET', async () => {
    const answer = await simulation.graph('GET', simulation.meta.phoneNumberId, undefined, null);
    expect(answer).toMatchObject({
      status: 403,
      body: { error: { code: 200, message: '(#200) Provide valid app ID' } },
    });
  });

  test('another Graph version', async () => {
    const answer = await simulation.call('POST', `/v25.0/${simulation.meta.phoneNumberId}/messages`, text(TO));
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 2635 } } });
  });

  test("another customer's number is as if it were not there", async () => {
    type Account = { phone_number_id: string; access_token: string };
    const other = (await simulation.call<Account>('POST', '/_accounts', {})).body;
    const answer = await simulation.graph('POST', `${other.phone_number_id}/messages`, text(TO));
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 100, error_subcode: 33 } } });
    const own = await simulation.graph('POST', `${other.phone_number_id}/messages`, otp(TO), other.access_token);
    expect(own.status).toBe(200);
  });
});

describe('the simulator reads numbers as Meta does', () => {
  test.each([
    ['+1 (555) 010-9999', '15550109999'],
    ['15550109999', '115550109999'],
    ['5550109999', '15550109999'],
    ['+5541988887777', '554188887777'],
    ['+525512345678', '5215512345678'],
    ['+541112345678', '5491112345678'],
  ])('%s reaches %s', async (to, waId) => {
    expect((await simulation.send(text(to))).body.contacts).toEqual([{ input: to, wa_id: waId }]);
  });

  test('a user id is answered with itself and no number', async () => {
    const answer = await simulation.send(text(TO, { to: undefined, recipient: 'US.1000' }));
    expect(answer.body.contacts).toEqual([{ input: 'US.1000', user_id: 'US.1000' }]);
  });
});
