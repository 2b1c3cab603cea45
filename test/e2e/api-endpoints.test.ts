import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import createClient from 'openapi-fetch';
import { stageConfig } from '../../infra/config.ts';
import { messageStore } from '../../shared/store/message-store.ts';
import { documentedApi, documentedFetch, openApi } from '../support/documented.ts';
import { eventually, type RunningStack, startStack } from '../support/local-stack.ts';
import type { paths } from '../support/openapi-types.ts';
import { addBrand } from '../support/second-brand.ts';
import { withTables } from '../support/tenant.ts';

const PERSON = '15550109999';
const SECRET_TEXT = 'the parcel is under the mat';
const CODE = '73519264';
/** Nobody has it, and Meta says so. */
const UNKNOWN_FILE = '800000000000009';

let stack: RunningStack;
let api: ReturnType<typeof documentedApi>;
beforeAll(async () => {
  stack = await startStack();
  api = documentedApi(stack);
}, 120_000);
afterAll(() => stack?.stop());

const inbound = async (
  from: string,
  content: Record<string, unknown> = { type: 'text', text: { body: SECRET_TEXT } },
) => {
  await stack.simulator.inbound({ from, ...content } as Parameters<typeof stack.simulator.inbound>[0]);
  return eventually(
    async () => (await api('GET', `/messages?contact=${from}&direction=inbound`)).body,
    ({ data }) => data.length > 0,
  );
};
/** Sends, and not what jobs by the clock ask. */
const sends = async () =>
  ((await stack.simulator.requests()) as { method: string }[]).filter(({ method }) => method === 'POST');
const lastGraphCall = async (): Promise<Record<string, unknown>> => {
  const calls = (await stack.simulator.requests()) as { method: string; body: Record<string, unknown> }[];
  return calls.findLast(({ method }) => method === 'POST')?.body ?? {};
};

describe('the service window', () => {
  test('a reply to somebody who never wrote is refused before Meta is called', async () => {
    const before = (await sends()).length;
    const { status, body } = await api('POST', '/reply/text', { to: `+${PERSON}`, body: 'hello' });
    expect([status, body.code]).toEqual([409, 'outside_service_window']);
    expect(body.fix).toMatch(/template/);
    expect(await sends()).toHaveLength(before);
  });

  test('once the person has written, text, files, buttons, lists and reactions go out as Meta wants them', async () => {
    const { data } = await inbound(PERSON);
    const received = data[0];
    expect(received).toMatchObject({
      direction: 'inbound',
      type: 'text',
      status: 'received',
      contact: { phone: PERSON },
    });
    const to = `+${PERSON}`;
    const quoted = { context: { message_id: received.wa_message_id } };
    const link = 'https://shop.example/a';
    const cases: [string, Record<string, unknown>, Record<string, unknown>][] = [
      [
        '/reply/text',
        { to, body: SECRET_TEXT, preview_url: true, reply_to: received.id },
        { text: { body: SECRET_TEXT, preview_url: true }, ...quoted },
      ],
      ['/reply/text', { to, body: 'x', reply_to: received.wa_message_id, reference: 'ref-1' }, quoted],
      ['/reply/media', { to, type: 'image', link, caption: 'c' }, { type: 'image', image: { link, caption: 'c' } }],
      ['/reply/media', { to, type: 'video', link }, { type: 'video', video: { link } }],
      ['/reply/media', { to, type: 'audio', link }, { type: 'audio', audio: { link } }],
      ['/reply/media', { to, type: 'voice', link }, { type: 'audio', audio: { link, voice: true } }],
      [
        '/reply/media',
        { to, type: 'document', link, filename: 'a.pdf' },
        { type: 'document', document: { link, filename: 'a.pdf' } },
      ],
      ['/reply/media', { to, type: 'sticker', link }, { type: 'sticker', sticker: { link } }],
      [
        '/reply/reaction',
        { to, message_id: received.id, emoji: '👍' },
        { type: 'reaction', reaction: { message_id: received.wa_message_id, emoji: '👍' } },
      ],
      [
        '/reply/reaction',
        { to, message_id: received.id, emoji: '' },
        { reaction: { message_id: received.wa_message_id, emoji: '' } },
      ],
      ...INTERACTIVE.map((interactive): [string, Record<string, unknown>, Record<string, unknown>] => [
        '/reply/interactive',
        { to, interactive },
        { type: 'interactive', interactive },
      ]),
    ];
    for (const [call, body, graph] of cases) {
      const answer = await api('POST', call, body);
      expect([call, answer.status, answer.body]).toEqual([
        call,
        200,
        expect.objectContaining({ status: 'accepted', to: PERSON }),
      ]);
      expect(await lastGraphCall()).toMatchObject({ to, ...graph });
    }
    const read = await api('POST', `/messages/${received.id}/read`, { typing: true });
    expect(read.body).toEqual({ id: received.id, wa_message_id: received.wa_message_id, read: true, typing: true });
    expect(await lastGraphCall()).toMatchObject({ status: 'read', typing_indicator: { type: 'text' } });
  });

  test('a conversation shows person, last message and window; both ways to its messages agree', async () => {
    const { data } = (await api('GET', `/conversations?contact=%2B${PERSON}`)).body;
    const [conversation] = data;
    expect(conversation).toMatchObject({
      contact: { phone: PERSON },
      service_window: { open: true },
      last_message: { direction: 'outbound' },
    });
    expect(Date.parse(conversation.service_window.expires_at) - Date.parse(conversation.last_inbound_at)).toBe(
      86_400_000,
    );
    // The same messages in the same order; their statuses still come in from Meta between the two questions.
    const idsOf = async (call: string): Promise<string[]> =>
      (await api('GET', call)).body.data.map(({ id }: { id: string }) => id);
    const ofConversation = await idsOf(`/conversations/${conversation.id}/messages?limit=100`);
    expect(ofConversation.length).toBeGreaterThan(10);
    expect(await idsOf(`/messages?conversation_id=${conversation.id}&limit=100`)).toEqual(ofConversation);
    expect((await api('GET', '/conversations?window=open')).body.data.map(({ id }: { id: string }) => id)).toContain(
      conversation.id,
    );
    expect((await api('GET', '/conversations?window=closed')).body.data).toEqual([]);
  });

  test('a day later the window is closed, with the time at which it closed', async () => {
    const somebody = '15550108888';
    const { data } = await inbound(somebody);
    await stack.control.advance(24 * 3600 + 61);
    const { status, body } = await api('POST', '/reply/text', { to: somebody, body: 'hello' });
    expect([status, body.code]).toEqual([409, 'outside_service_window']);
    const closedAt = new Date(Date.parse(data[0].created_at) + 86_400_000).toISOString();
    expect(body.detail).toContain(closedAt);
    expect((await api('GET', `/conversations?contact=${somebody}`)).body.data[0].service_window).toEqual({
      open: false,
      expires_at: closedAt,
    });
  });

  test('a person without a phone number is answered by user id', async () => {
    const user_id = 'US.10000000000000000042';
    await stack.simulator.inbound({
      from: undefined as unknown as string,
      bsuid: user_id,
      type: 'text',
      text: { body: 'hi' },
    });
    const { data } = await eventually(
      async () => (await api('GET', `/messages?contact=${user_id}`)).body,
      (page) => page.data.length > 0,
    );
    expect(data[0].contact).toMatchObject({ phone: null, user_id });
    expect((await api('POST', '/reply/text', { to: user_id, body: 'hi' })).status).toBe(200);
    expect(await lastGraphCall()).toMatchObject({ recipient: user_id });
  });
});

const INTERACTIVE = [
  {
    type: 'button',
    body: { text: 'When?' },
    action: { buttons: [{ type: 'reply', reply: { id: 'a', title: 'Today' } }] },
  },
  {
    type: 'list',
    body: { text: 'When?' },
    action: { button: 'Choose', sections: [{ rows: [{ id: 'r', title: 'Nine' }] }] },
  },
  {
    type: 'cta_url',
    body: { text: 'Track' },
    action: { name: 'cta_url', parameters: { display_text: 'Go', url: 'https://shop.example' } },
  },
  { type: 'location_request_message', body: { text: 'Where?' }, action: { name: 'send_location' } },
];

describe('templates', () => {
  const to = '+12818184370';
  test.each([
    [
      'a missing variable',
      { variables: ['Ada'], buttons: [{ index: 0, value: 'x' }] },
      '/variables/1',
      'missing_variable',
    ],
    [
      'a surplus variable',
      { variables: ['a', 'b', 'c'], buttons: [{ index: 0, value: 'x' }] },
      '/variables/2',
      'surplus_variable',
    ],
    [
      'names where numbers are',
      { variables: { a: 'b' }, buttons: [{ index: 0, value: 'x' }] },
      '/variables',
      'wrong_form',
    ],
    ['a missing button', { variables: ['a', 'b'] }, '/buttons', 'missing_button'],
    [
      'a header that is not there',
      { variables: ['a', 'b'], buttons: [{ index: 0, value: 'x' }], header: { type: 'text', text: 'x' } },
      '/header',
      'surplus_header',
    ],
    [
      'raw components with too few values',
      { components: [{ type: 'body', parameters: [{ type: 'text', text: 'a' }] }] },
      '/components/0/parameters',
      'wrong_count',
    ],
    ['both forms', { variables: ['a', 'b'], components: [] }, '/components', 'custom'],
  ])('%s is refused by name, before Meta is called', async (_name, filling, pointer, code) => {
    const before = (await sends()).length;
    const { status, body } = await api('POST', '/send/template', { to, template_name: 'order_update', ...filling });
    expect([status, body.code]).toEqual([400, 'invalid_request']);
    expect(body.errors).toContainEqual(expect.objectContaining({ pointer, code }));
    expect(await sends()).toHaveLength(before);
  });

  test('the ready body of every approved template sends it; raw components do too', async () => {
    const { data } = (await api('GET', '/templates')).body;
    expect(data.map(({ name }: { name: string }) => name)).toEqual(['order_update', 'signup_otp']);
    for (const { name } of data) {
      const found = await api('GET', `/templates/${name}`);
      expect([found.status, found.body]).toEqual([200, expect.objectContaining({ versions: [expect.anything()] })]);
      const [version] = found.body.versions;
      const { path: call, body } = version.send_example;
      expect((await api('POST', call.replace('/api/v1/whatsapp/external', ''), body)).status).toBe(200);
    }
    const components = [
      {
        type: 'body',
        parameters: [
          { type: 'text', text: 'Ada' },
          { type: 'text', text: 'A-42' },
        ],
      },
      { type: 'button', sub_type: 'url', index: 0, parameters: [{ type: 'text', text: 'A-42' }] },
    ];
    const sent = await api('POST', '/send/template', {
      to,
      template_name: 'order_update',
      components,
      reference: 'raw',
    });
    expect(sent.status).toBe(200);
    expect((await api('GET', '/messages?reference=raw')).body.data[0].content.body).toBe(
      'Hi Ada, your order A-42 is on its way.',
    );
  });

  test('an authentication template by send/template hides its code too', async () => {
    const sent = await api('POST', '/send/template', {
      to,
      template_name: 'signup_otp',
      variables: [CODE],
      reference: 'auth',
    });
    expect(sent.status).toBe(200);
    expect((await api('GET', `/messages/${sent.body.id}`)).body.content).toEqual({ code: '••••••' });
  });

  test('all statuses, one template that is not there, one that is not approved', async () => {
    expect((await api('GET', '/templates?status=ALL')).body.data).toHaveLength(4);
    expect((await api('GET', '/templates/nothing')).body.code).toBe('template_not_found');
    const pending = await api('POST', '/send/template', { to, template_name: 'welcome_back', variables: ['a'] });
    expect([pending.status, pending.body.code]).toEqual([409, 'template_not_approved']);
  });
});

describe('history', () => {
  test('a message by our id and by its wamid, with its timeline', async () => {
    const sent = await api(
      'POST',
      '/send/otp',
      { to: '+12818184370', code: CODE, reference: 'timeline' },
      { 'Idempotency-Key': 'timeline' },
    );
    const byId = await eventually(
      async () => (await api('GET', `/messages/${sent.body.id}`)).body,
      ({ status }) => status === 'delivered',
    );
    expect(byId.timeline.map(({ status }: { status: string }) => status)).toEqual(
      expect.arrayContaining(['dispatched', 'accepted', 'sent', 'delivered']),
    );
    expect((await api('GET', `/messages/${encodeURIComponent(sent.body.wa_message_id)}`)).body).toEqual(byId);
    expect(
      (await api('GET', '/messages?reference=timeline&status=delivered&direction=outbound&type=template')).body.data,
    ).toHaveLength(1);
  });

  test('events with every attempt', async () => {
    const { data } = await eventually(
      async () => (await api('GET', '/webhooks/events?type=message.delivered')).body,
      (page) => page.data.length > 0,
    );
    const { body } = await api('GET', `/webhooks/events/${data[0].id}`);
    expect(body).toMatchObject({
      status: 'delivered',
      attempts: [{ run: 1, number: 1, status_code: 200 }],
      event: { type: 'message.delivered' },
    });
    expect((await api('GET', '/webhooks/events?status=failed')).body.data).toEqual([]);
  });

  test('a cursor is good for its list, filters and brand alone', async () => {
    const { next_cursor } = (await api('GET', '/messages?limit=2')).body;
    expect((await api('GET', `/messages?limit=5&cursor=${next_cursor}`)).status).toBe(200);
    for (const call of [
      `/messages?limit=2&direction=outbound&cursor=${next_cursor}`,
      `/webhooks/events?cursor=${next_cursor}`,
      `/messages?cursor=${next_cursor.slice(0, -2)}AA`,
      '/messages?cursor=x',
    ])
      expect([call, (await api('GET', call)).body.code]).toEqual([call, 'invalid_cursor']);
  });

  test('what the key is', async () => {
    expect((await api('GET', '/key')).body).toMatchObject({ brand_id: stack.brand_id, mode: 'live', expires_at: null });
    const { key } = await addBrand(stack, { otpPerDay: 7 });
    expect((await documentedApi(stack, key)('GET', '/key')).body.limits).toMatchObject({
      sends_per_minute: 600,
      otp_per_recipient_per_ten_minutes: 5,
      otp_per_recipient_per_day: 7,
      otp_countries: null,
    });
  });

  test('the document is served as it is committed, with where people sign in to this deployment', async () => {
    const text = await (await fetch(`${stack.api_url}/api/openapi.json`)).text();
    const [, signIn = ''] = /"openIdConnectUrl":"([^"]+)"/.exec(text) ?? [];
    const [, committed = ''] = /"openIdConnectUrl":"([^"]+)"/.exec(JSON.stringify(openApi)) ?? [];
    expect(JSON.parse(text.replace(signIn, committed))).toEqual(openApi);
    expect(await (await fetch(signIn)).json()).toMatchObject({ authorization_endpoint: expect.any(String) });
  });
});

describe('the file of a message', () => {
  const send = async (from: string, content: Record<string, unknown>) => {
    const [message] = (await inbound(from, content)).data;
    return message;
  };
  const settled = (id: string) =>
    eventually(
      async () => (await api('GET', `/messages/${id}`)).body,
      ({ media }) => media.state !== 'pending',
    );

  test('is taken over when it comes in, and served by a link that dies', async () => {
    const message = await send('15550109991', { type: 'image', image: { caption: 'x' } });
    expect((await settled(message.id)).media).toMatchObject({ state: 'stored', reason: null });
    const link = await api('GET', `/messages/${message.id}/media`);
    const file = await fetch(link.body.url);
    expect([file.status, file.headers.get('content-type')]).toEqual([200, link.body.mime_type]);
    expect(file.headers.get('content-disposition')).toBe('attachment');
    expect((await file.arrayBuffer()).byteLength).toBe(link.body.size);
    await stack.control.advance(301);
    expect((await fetch(link.body.url)).status).toBe(403);
  });

  test('is kept for so long, and then said to be gone', async () => {
    const message = await send('15550109994', { type: 'image', image: { caption: 'x' } });
    const { media } = await settled(message.id);
    const keptMs = Date.parse(media.available_until) - Date.parse(message.created_at);
    expect(Math.round(keptMs / 86_400_000)).toBe(stageConfig('local').mediaRetentionDays);
    const until = Date.now() - 1000;
    const stored = { state: 'stored' as const, mimeType: 'image/jpeg', size: 1, reason: null, at: 0, until };
    await withTables(stack, (client) =>
      messageStore(client, stack.tables.messages ?? '').recordMedia(
        { brandId: stack.brand_id, messageId: message.id },
        stored,
      ),
    );
    const gone = await api('GET', `/messages/${message.id}/media`);
    expect([gone.status, gone.body.code]).toEqual([410, 'media_expired']);
    expect(gone.body.detail).toContain(new Date(until).toISOString());
  });

  test('is said to be missing when Meta does not give it out, and when there is none', async () => {
    const message = await send('15550109992', {
      type: 'image',
      image: { id: UNKNOWN_FILE, mime_type: 'image/jpeg', data_base64: null },
    });
    const { media } = await settled(message.id);
    expect(media).toMatchObject({ state: 'refused', reason: expect.stringMatching(/^whatsapp_error_/) });
    expect((await api('GET', `/messages/${message.id}/media`)).body.code).toBe('media_unavailable');
    const text = await send('15550109993', { type: 'text', text: { body: 'x' } });
    expect((await api('GET', `/messages/${text.id}/media`)).body.code).toBe('media_not_found');
  });
});

test('a foreign client, typed from the document, performs the quickstart', async () => {
  const client = createClient<paths>({
    baseUrl: `${stack.api_url}/api`,
    headers: { 'X-API-Key': stack.api_key },
    fetch: documentedFetch(stack),
  });
  const templates = await client.GET('/v1/whatsapp/external/templates', {
    params: { query: { category: 'AUTHENTICATION' } },
  });
  const template_name = templates.data?.data[0]?.name;
  const sent = await client.POST('/v1/whatsapp/external/send/otp', {
    params: { header: { 'Idempotency-Key': '7c4a8d09-ca37-4d1b-a5b3-9f8e2c1d4e6f' } },
    body: { to: '+12818184370', code: '482913', ...(template_name === undefined ? {} : { template_name }) },
  });
  expect(sent.data?.status).toBe('accepted');
  const id = sent.data?.id ?? '';
  const message = await eventually(
    async () => (await client.GET('/v1/whatsapp/external/messages/{id}', { params: { path: { id } } })).data,
    (found) => found?.status === 'delivered',
  );
  expect(message?.template?.name).toBe('signup_otp');
  const refused = await client.POST('/v1/whatsapp/external/send/otp', { body: { to: 'nobody', code: '1' } });
  expect(refused.error?.code).toBe('invalid_request');
});

/** meta-cloud-api §6, the codes a send may meet at once; whether to retry is §1.4's. `retryAfter` in seconds. */
const META_CODES: [code: number, status: number, ourCode: string, retryable: boolean, retryAfter: number | null][] = [
  ...[4, 80007].map((code): [number, number, string, boolean, number] => [code, 429, 'rate_limited', true, 60]),
  [130429, 429, 'rate_limited', true, 1],
  [131056, 429, 'pair_rate_limited', true, 6],
  ...[1, 2, 131000, 131016, 131057, 133004].map((code): [number, number, string, boolean, null] => [
    code,
    502,
    'whatsapp_error',
    true,
    null,
  ]),
  ...[
    0, 3, 10, 33, 100, 190, 200, 368, 803, 130497, 131005, 131008, 131009, 131021, 131026, 131030, 131031, 131037,
    131042,
  ].map((code): [number, number, string, boolean, null] => [code, 502, 'whatsapp_error', false, null]),
  ...[
    131045, 131047, 131048, 131051, 131055, 131062, 131063, 131064, 132000, 132001, 132005, 132007, 132012, 132015,
  ].map((code): [number, number, string, boolean, null] => [code, 502, 'whatsapp_error', false, null]),
  ...[132016, 132018, 133010, 135000].map((code): [number, number, string, boolean, null] => [
    code,
    502,
    'whatsapp_error',
    false,
    null,
  ]),
];

describe("Meta's errors", () => {
  // Each to a number of its own: a limit that Meta told of one is not asked again of it.
  test.each(META_CODES.map((row, index) => [...row, index] as const))(
    '%i is %i %s, retryable %p',
    async (code, status, ourCode, retryable, retryAfter, index) => {
      await stack.simulator.behave({ outcome: `error-${code}`, times: 1 });
      const {
        body,
        headers,
        status: answered,
      } = await api('POST', '/send/otp', { to: `+1281818${String(5000 + index)}`, code: CODE });
      expect([answered, body.code, body.retryable, body.retry_after_seconds]).toEqual([
        status,
        ourCode,
        retryable,
        retryAfter,
      ]);
      expect(headers.get('retry-after')).toBe(retryAfter === null ? null : String(retryAfter));
      expect(body.whatsapp_error.error).toMatchObject({ code, fbtrace_id: expect.any(String) });
    },
  );
});

test('every request that left for Meta was one it takes', async () => {
  const calls = (await stack.simulator.requests()) as {
    path: string;
    answered: number;
    outcome: string | null;
  }[];
  expect(calls.length).toBeGreaterThan(20);
  // What `behave` made it refuse was taken as well formed: an outcome is only asked for after all checks.
  const isMeant = ({ path: asked, outcome }: (typeof calls)[number]) =>
    outcome?.startsWith('error-') || asked.includes(UNKNOWN_FILE);
  expect(calls.filter((call) => call.answered !== 200 && !isMeant(call))).toEqual([]);
});
