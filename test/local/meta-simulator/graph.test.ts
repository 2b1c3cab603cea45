import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually, GRAPH_VERSION, type GraphBody, orderUpdate, type Simulation, startSimulation } from './support.ts';

let simulation: Simulation;

beforeEach(async () => {
  simulation = await startSimulation();
});
afterEach(() => simulation.stop());

const templatesPath = () => `${simulation.meta.wabaId}/message_templates`;
const utility = (text: string, samples: string[] = [], extra: object = {}) => ({
  name: 'parcel_sent',
  language: 'en_US',
  category: 'UTILITY',
  components: [{ type: 'BODY', text, ...(samples.length === 0 ? {} : { example: { body_text: [samples] } }) }],
  ...extra,
});
const preset = { name: 'verify_code', language: 'en_US', category: 'AUTHENTICATION' };
const otpButton = { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE', text: 'Copy code' }] };

describe('templates of the simulator: list', () => {
  test('omits by default what Meta omits, and shows it when asked', async () => {
    const [plain] = (await simulation.graph('GET', templatesPath())).body.data;
    expect(Object.keys(plain ?? {}).sort()).toEqual([
      'category',
      'components',
      'id',
      'language',
      'name',
      'parameter_format',
      'status',
    ]);
    const fields = 'name,rejected_reason,quality_score,last_updated_time';
    const { data } = (await simulation.graph('GET', `${templatesPath()}?fields=${fields}&status=REJECTED`)).body;
    expect(data).toEqual([
      {
        id: expect.any(String),
        name: 'flash_sale',
        rejected_reason: 'INVALID_FORMAT',
        quality_score: expect.any(Object),
        last_updated_time: expect.any(Number),
      },
    ]);
  });

  test('pages to the end, where there is no next', async () => {
    const names: unknown[] = [];
    let path: string | undefined = `/${GRAPH_VERSION}/${templatesPath()}?limit=3`;
    while (path !== undefined) {
      const { data, paging }: GraphBody = (await simulation.call('GET', path)).body;
      names.push(...data.map(({ name }) => name));
      path = paging.next?.slice(simulation.meta.url.length);
    }
    expect(names).toEqual(['signup_otp', 'order_update', 'welcome_back', 'flash_sale']);
    expect(simulation.meta.templates.map(({ name }) => name)).toEqual(names);
  });

  test.each([
    ['after=nonsense', 131059],
    ['limit=0', 131009],
    ['fields=nmae', 100],
  ])('%s is refused with %i', async (query, code) => {
    expect((await simulation.graph('GET', `${templatesPath()}?${query}`)).body.error.code).toBe(code);
  });

  test('ids are above 2^53, strings in REST', async () => {
    for (const { id } of simulation.meta.templates) {
      expect(BigInt(id)).toBeGreaterThan(2n ** 53n);
      expect(String(Number(id))).not.toBe(id);
      expect((await simulation.graph('GET', `${id}?fields=name`)).body).toMatchObject({ id });
    }
  });

  test('an unknown id is 100 with subcode 33', async () => {
    expect((await simulation.graph('GET', '1234567890123456789')).body.error).toMatchObject({
      code: 100,
      error_subcode: 33,
    });
  });
});

describe('templates of the simulator: create', () => {
  test('the authentication preset is pending, then approved, with an integer id in the webhook', async () => {
    const wish = {
      ...preset,
      components: [
        { type: 'BODY', add_security_recommendation: true },
        { type: 'FOOTER', code_expiration_minutes: 5 },
        otpButton,
      ],
    };
    const { status, body } = await simulation.graph('POST', templatesPath(), wish);
    expect({ status, body }).toEqual({
      status: 200,
      body: { id: expect.any(String), status: 'PENDING', category: 'AUTHENTICATION' },
    });
    simulation.clock.advance(1999);
    expect((await simulation.graph('GET', body.id)).body.status).toBe('PENDING');
    simulation.clock.advance(1);
    const [value] = await eventually(
      () => simulation.hook.values(),
      ({ length }) => length === 1,
    );
    expect(value).toMatchObject({
      event: 'APPROVED',
      message_template_name: 'verify_code',
      message_template_language: 'en_US',
      reason: 'NONE',
    });
    const [hooked] = simulation.hook.received;
    expect(hooked?.raw).toContain(`"message_template_id":${body.id},`);
    expect(hooked?.body.entry[0]).toMatchObject({
      time: 1795341602,
      changes: [{ field: 'message_template_status_update' }],
    });
    const shown = (await simulation.graph('GET', `${body.id}?fields=components,status`)).body;
    expect(shown).toMatchObject({
      status: 'APPROVED',
      components: [{ type: 'BODY' }, { type: 'FOOTER' }, { buttons: [{ type: 'URL' }] }],
    });
  });

  test('a name with "reject" is rejected', async () => {
    await simulation.graph(
      'POST',
      templatesPath(),
      utility('Your parcel has left us today.', [], { name: 'reject_me' }),
    );
    simulation.clock.advance(10_000);
    const [value] = await eventually(
      () => simulation.hook.values(),
      ({ length }) => length === 1,
    );
    expect(value).toMatchObject({ event: 'REJECTED', reason: 'INVALID_FORMAT' });
  });

  test('once approved it can be sent', async () => {
    await simulation.graph('POST', templatesPath(), utility('Your parcel {{1}} has left us today.', ['A-42']));
    const sent = orderUpdate([{ type: 'body', parameters: [{ type: 'text', text: 'A' }] }], 'parcel_sent');
    expect((await simulation.send(sent)).body.error.code).toBe(132001);
    simulation.clock.advance(10_000);
    expect((await simulation.send(sent)).status).toBe(200);
  });

  test.each<[string, object, number, number | undefined]>([
    ['the same name and language', { ...preset, name: 'signup_otp', components: [otpButton] }, 100, 2388024],
    ['a variable at the end', utility('Your parcel is {{1}}', ['x']), 100, 2388299],
    ['a variable at the start', utility('{{1}} is your parcel', ['x']), 100, 2388299],
    ['variables that touch', utility('Your parcel {{1}} {{2}} left us today', ['x', 'y']), 100, 2388072],
    ['too many variables', utility('a {{1}} b {{2}} c {{3}} d', ['x', 'y', 'z']), 100, 2388293],
    ['no sample', utility('Your parcel {{1}} has left us today'), 100, 2388072],
    ['variables out of order', utility('Your parcel {{2}} has left us today', ['x']), 100, 2388072],
    ['an upper-case name', { ...preset, name: 'Verify', components: [otpButton] }, 131009, undefined],
    ['a language with a hyphen', { ...preset, language: 'en-US', components: [otpButton] }, 131009, undefined],
    [
      'text in the preset',
      { ...preset, components: [{ type: 'BODY', text: 'Mine {{1}}.' }, otpButton] },
      100,
      undefined,
    ],
    [
      '91 minutes',
      { ...preset, components: [{ type: 'FOOTER', code_expiration_minutes: 91 }, otpButton] },
      100,
      undefined,
    ],
    ['no button', { ...preset, components: [{ type: 'BODY' }] }, 131008, undefined],
    ['no category', { name: 'x', language: 'en', components: [] }, 131008, undefined],
  ])('refuses %s', async (_name, wish, code, subcode) => {
    const { status, body } = await simulation.graph('POST', templatesPath(), wish);
    expect({ status, code: body.error.code, subcode: body.error.error_subcode }).toEqual({
      status: 400,
      code,
      subcode,
    });
  });

  test('a deleted name is gone and blocked for 30 days', async () => {
    expect((await simulation.graph('DELETE', `${templatesPath()}?name=order_update`)).body).toEqual({ success: true });
    expect((await simulation.send(orderUpdate())).body.error.code).toBe(132001);
    const again = utility('Your parcel has left us today.', [], { name: 'order_update' });
    expect((await simulation.graph('POST', templatesPath(), again)).body.error.error_subcode).toBe(2388023);
    simulation.clock.advance(31 * 24 * 3600 * 1000);
    expect((await simulation.graph('POST', templatesPath(), again)).status).toBe(200);
    expect((await simulation.graph('DELETE', `${templatesPath()}?name=nothing`)).body.error.error_subcode).toBe(
      2593002,
    );
  });
});

describe('media of the simulator', () => {
  async function upload(
    content: string,
    mimeType: string,
    fields: Record<string, string> = { messaging_product: 'whatsapp' },
  ) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('file', new File([content], 'file', { type: mimeType }));
    const headers = { authorization: `Bearer ${simulation.meta.accessToken}` };
    const url = `${simulation.meta.url}/${GRAPH_VERSION}/${simulation.meta.phoneNumberId}/media`;
    const answer = await fetch(url, { method: 'POST', headers, body: form });
    return { status: answer.status, body: (await answer.json()) as { id: string; error: { code: number } } };
  }

  test('is uploaded, described, sent, downloaded for five minutes, deleted', async () => {
    const { id } = (await upload('a picture', 'image/png')).body;
    const { body } = await simulation.graph('GET', `${id}?phone_number_id=${simulation.meta.phoneNumberId}`);
    expect(body).toMatchObject({
      id,
      mime_type: 'image/png',
      file_size: 9,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const sent = { messaging_product: 'whatsapp', to: '+15550109999', type: 'image', image: { id } };
    expect((await simulation.send(sent)).status).toBe(200);

    const download = (token: string) => fetch(body.url, { headers: { authorization: `Bearer ${token}` } });
    expect(await (await download(simulation.meta.accessToken)).text()).toBe('a picture');
    expect((await download('nope')).status).toBe(401);
    simulation.clock.advance(5 * 60_000 + 1000);
    expect((await download(simulation.meta.accessToken)).status).toBe(404);

    expect((await simulation.graph('DELETE', id)).body).toEqual({ success: true });
    expect((await simulation.graph('GET', id)).body.error).toMatchObject({ code: 100, error_subcode: 33 });
  });

  test('lives thirty days', async () => {
    const { id } = (await upload('a picture', 'image/png')).body;
    simulation.clock.advance(30 * 24 * 3600 * 1000);
    expect((await simulation.graph('GET', id)).status).toBe(400);
  });

  test.each([
    ['image/gif', 'x', { messaging_product: 'whatsapp' }],
    ['image/png', '', { messaging_product: 'whatsapp' }],
    ['image/png', 'x'.repeat(5 * 1024 * 1024 + 1), { messaging_product: 'whatsapp' }],
    ['image/png', 'x', {}],
  ])('refuses %s (case %#)', async (mimeType, content, fields) => {
    expect(await upload(content, mimeType, fields)).toMatchObject({ status: 400, body: { error: { code: 100 } } });
  });
});

describe('accounts of the simulator', () => {
  test('subscribed_apps: DELETE, POST, GET', async () => {
    const path = `${simulation.meta.wabaId}/subscribed_apps`;
    await simulation.graph('DELETE', path);
    expect((await simulation.graph('GET', path)).body.data).toEqual([]);
    expect((await simulation.graph('POST', path)).body).toEqual({ success: true });
    expect((await simulation.graph('GET', path)).body.data).toMatchObject([
      { whatsapp_business_api_data: { id: simulation.meta.appId } },
    ]);
  });

  test('an override is taken after the handshake, and only for message fields', async () => {
    const path = `${simulation.meta.wabaId}/subscribed_apps`;
    const override_callback_uri = `${simulation.hook.url}?tenant=1`;
    const refused = await simulation.graph('POST', path, { override_callback_uri, verify_token: 'wrong' });
    expect(refused.body.error.code).toBe(2200);
    expect((await simulation.graph('POST', path, { override_callback_uri, verify_token: 'right' })).status).toBe(200);
    expect((await simulation.graph('GET', path)).body.data).toMatchObject([{ override_callback_uri }]);
    await simulation.call('POST', '/_inbound', { from: '+15550109999' });
    await simulation.call('POST', '/_template_status', { name: 'order_update', event: 'PAUSED' });
    const came = () => simulation.hook.received.map(({ url, body }) => [body.entry[0]?.changes[0]?.field, url]);
    const paths = await eventually(came, ({ length }) => length === 2);
    expect(Object.fromEntries(paths)).toEqual({
      messages: '/webhook?tenant=1',
      message_template_status_update: '/webhook',
    });
  });

  test('debug_token tells a good token from a bad one, to the app as well', async () => {
    const { accessToken, wabaId, appId, appSecret } = simulation.meta;
    const good = await simulation.graph(
      'GET',
      `debug_token?input_token=${accessToken}`,
      undefined,
      `${appId}|${appSecret}`,
    );
    expect(good.body.data).toMatchObject({
      is_valid: true,
      type: 'SYSTEM_USER',
      expires_at: 0,
      granular_scopes: [{ target_ids: [wabaId] }, { target_ids: [wabaId] }],
    });
    const bad = await simulation.graph('GET', 'debug_token?input_token=EAAnope');
    expect(bad.body.data).toMatchObject({ is_valid: false });
  });

  const madeToken = async (wish: object = {}) =>
    (await simulation.call<{ access_token: string }>('POST', '/_tokens', wish)).body.access_token;
  const debugged = async (token: string, bearer?: string) =>
    (await simulation.graph('GET', `debug_token?input_token=${token}`, undefined, bearer)).body.data;

  test('a token that expires does so by the clock, and 190 is all it is good for then', async () => {
    const token = await madeToken({ expires_in_seconds: 3600 });
    expect(await debugged(token, token)).toMatchObject({
      is_valid: true,
      expires_at: Math.floor(simulation.clock.now() / 1000) + 3600,
    });
    simulation.clock.advance(3_600_000);
    expect((await simulation.send(orderUpdate(), token)).body.error).toMatchObject({ code: 190, error_subcode: 463 });
    expect(await debugged(token)).toMatchObject({ is_valid: false, error: { subcode: 463 } });
  });

  test('a token whose user took access away is dead at once, also the one of the account', async () => {
    const { accessToken } = simulation.meta;
    await simulation.call('DELETE', '/_tokens', { access_token: accessToken });
    expect((await simulation.send(orderUpdate())).body.error).toMatchObject({ code: 190, error_subcode: 458 });
  });

  test.each([
    ['without messaging', { scopes: ['whatsapp_business_management'] }, 'send', 200],
    ['without management', { scopes: ['whatsapp_business_messaging'] }, 'templates', 200],
    ['for another WABA', { target_ids: ['100000000000001'] }, 'templates', 100],
  ])('a token %s is refused there', async (_what, wish, at, code) => {
    const token = await madeToken(wish);
    const refused =
      at === 'send'
        ? await simulation.send(orderUpdate(), token)
        : await simulation.graph('GET', templatesPath(), undefined, token);
    expect(refused.body.error.code).toBe(code);
  });

  test("another app's token subscribes the other app", async () => {
    const path = `${simulation.meta.wabaId}/subscribed_apps`;
    await simulation.graph('DELETE', path);
    const token = await madeToken({ is_of_other_app: true });
    expect((await debugged(token, token)) as unknown).not.toMatchObject({ app_id: simulation.meta.appId });
    expect((await simulation.graph('POST', path, undefined, token)).body).toEqual({ success: true });
    expect((await simulation.graph('GET', path)).body.data).toEqual([]);
  });

  test('the number, as REST formats it', async () => {
    const { phoneNumberId, wabaId } = simulation.meta;
    const shown = { id: phoneNumberId, display_phone_number: '+1 555-010-0001' };
    expect((await simulation.graph('GET', `${phoneNumberId}?fields=display_phone_number`)).body).toEqual(shown);
    expect((await simulation.graph('GET', `${wabaId}/phone_numbers`)).body.data).toMatchObject([shown]);
  });

  test('appsecret_proof is checked when given', async () => {
    const { accessToken, appSecret, wabaId } = simulation.meta;
    const proof = createHmac('sha256', appSecret).update(accessToken).digest('hex');
    expect((await simulation.graph('GET', `${wabaId}?appsecret_proof=${proof}`)).status).toBe(200);
    expect((await simulation.graph('GET', `${wabaId}?appsecret_proof=${'0'.repeat(64)}`)).body.error.code).toBe(100);
  });
});

describe('the log of the simulator', () => {
  test('has every Graph call in order, without tokens', async () => {
    const { accessToken, wabaId, phoneNumberId } = simulation.meta;
    await simulation.graph('GET', `debug_token?input_token=${accessToken}`);
    await simulation.send(orderUpdate());
    await simulation.graph('GET', `${wabaId}/nothing`);
    const log = (await simulation.call<{ method: string }[]>('GET', '/_requests')).body;
    expect(log).toMatchObject([
      { method: 'GET', answered: 200, body: null },
      {
        at: '2026-11-22T10:00:00.000Z',
        method: 'POST',
        path: `/${GRAPH_VERSION}/${phoneNumberId}/messages`,
        answered: 200,
        body: orderUpdate(),
        outcome: 'accepted',
      },
      { answered: 400 },
    ]);
    expect(JSON.stringify(log)).not.toContain(accessToken);
    await simulation.call('DELETE', '/_requests');
    expect((await simulation.call('GET', '/_requests')).body).toEqual([]);
  });
});
