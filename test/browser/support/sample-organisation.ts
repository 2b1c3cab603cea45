// One organisation with something of everything, for pages that are looked at rather than worked with.

export const NOW = Date.now();
export const at = (minutesAgo: number): string => new Date(NOW - minutesAgo * 60_000).toISOString();
export const ulid = (number: number): string => `01KB2M5ZC0N7Q1V9T3X5Y${String(number).padStart(5, '0')}`;

export const brands = [
  { id: `brd_${ulid(1)}`, name: 'Acme Pizza', created_at: at(90_000) },
  { id: `brd_${ulid(2)}`, name: 'Acme Books', created_at: at(9000) },
];

export const members = ['owner', 'developer', 'viewer'].map((role, index) => ({
  id: `mem_${ulid(index)}`,
  email: `${role}@demo.example`,
  role,
  status: index === 2 ? 'invited' : 'active',
  invited_at: at(80_000),
  joined_at: index === 2 ? null : at(70_000),
}));

export const connection = {
  id: `con_${ulid(1)}`,
  brand_id: `brd_${ulid(1)}`,
  status: 'active',
  phone_number_id: '900000000000001',
  waba_id: '800000000000001',
  webhook_url: 'https://shop.example/hooks/quixess',
  event_types: ['message.received', 'message.delivered', 'message.read', 'message.failed'],
  default_otp_template: 'signup_otp',
  number: {
    display_phone_number: '+1 555-010-0001',
    verified_name: 'Acme Pizza',
    quality_rating: 'GREEN',
    status: 'CONNECTED',
    name_status: 'APPROVED',
    throughput: 'STANDARD',
    messaging_limit: 'TIER_2K',
    checked_at: at(12),
  },
  token: { state: 'valid', expires_at: null, checked_at: at(12) },
  endpoint: { state: 'closed', reason: null, since: null, is_holding: false, failing_since: null, failed_events: 0 },
  created_at: at(80_000),
  disconnected_at: null,
};

export const keys = [
  ['Signup service', ['whatsapp:send_otp'], 4, null],
  ['Support desk', ['whatsapp:reply', 'whatsapp:read_messages', 'whatsapp:read_conversations'], 190, null],
  ['Old backend', ['whatsapp:send_template'], 40_000, 3000],
].map(([name, scopes, used, revoked], index) => ({
  id: `key_dZ4VJbDi0aB${index}`,
  brand_id: `brd_${ulid(1)}`,
  name,
  mode: 'live',
  scopes,
  created_at: at(70_000 - index),
  expires_at: index === 1 ? at(-20_000) : null,
  last_used_at: at(Number(used)),
  revoked_at: revoked ? at(Number(revoked)) : null,
  status: revoked ? 'ended' : 'active',
  rolled_to: null,
}));

export const templates = [
  ['signup_otp', 'AUTHENTICATION', 'APPROVED', null],
  ['order_update', 'UTILITY', 'APPROVED', null],
  ['spring_sale', 'MARKETING', 'REJECTED', 'PROMOTIONAL'],
  ['pickup_ready', 'UTILITY', 'PENDING', null],
].map(([name, category, status, rejected_reason], index) => ({
  id: `70000000000000${index}`,
  name,
  language: 'en_US',
  status,
  category,
  quality: status === 'APPROVED' ? 'GREEN' : null,
  rejected_reason,
  synced_at: at(30),
  components: [
    {
      type: 'BODY',
      text:
        category === 'AUTHENTICATION'
          ? '*{{1}}* is your verification code.'
          : 'Hi {{1}}, your order {{2}} is on its way.',
    },
  ],
}));

const contact = { phone: '15550109999', user_id: null, name: 'Ada', username: null };
const conversationId = 'cnv_5f1d7a84db00d2fce00b31a7fc73224f';

export const messages = Array.from({ length: 60 }, (_, index) => {
  const isIn = index % 3 === 0;
  const status = isIn ? 'received' : index % 7 === 0 ? 'failed' : (['delivered', 'read', 'sent'][index % 3] ?? 'sent');
  return {
    id: `msg_${ulid(index)}`,
    wa_message_id: `wamid.HBgLMTU1NTAxMDk5OTkVAgARGBI${index}`,
    direction: isIn ? 'inbound' : 'outbound',
    type: isIn ? 'text' : 'template',
    status,
    contact,
    conversation_id: conversationId,
    template: isIn ? null : { name: 'order_update', language: 'en_US' },
    content: isIn ? { body: 'Is my order on its way?' } : { variables: ['Ada', `A-${index}`] },
    media: null,
    reply_to: null,
    reference: isIn ? null : `order-${index}`,
    errors:
      status === 'failed'
        ? [
            {
              code: 131026,
              title: 'Message undeliverable',
              message: 'Message undeliverable',
              details: null,
              retryable: false,
            },
          ]
        : [],
    created_at: at(index * 17 + 3),
    timeline: isIn
      ? [{ status: 'received', at: at(index * 17 + 3) }]
      : [
          { status: 'accepted', at: at(index * 17 + 3) },
          { status: 'sent', at: at(index * 17 + 2.9) },
          { status, at: at(index * 17 + 2.5) },
        ],
  };
});

export const conversations = [
  {
    id: conversationId,
    contact,
    last_message: messages[0],
    last_inbound_at: at(3),
    service_window: { open: true, expires_at: at(3 - 1440) },
  },
];

const TYPES = ['message.received', 'message.delivered', 'message.read', 'template.status_changed'];
export const events = Array.from({ length: 130 }, (_, index) => {
  const status = index % 5 === 1 ? 'failed' : index === 2 ? 'retrying' : index === 4 ? 'held' : 'delivered';
  const isBad = status === 'failed' || status === 'retrying';
  const type = TYPES[index % TYPES.length];
  const occurred = index * 11 + 2;
  const attempts = Array.from({ length: isBad ? (status === 'failed' ? 8 : 3) : 1 }, (__, attempt) => ({
    run: 1,
    number: attempt + 1,
    at: at(occurred - attempt * 0.2),
    duration_ms: isBad ? 40 + attempt * 13 : 87,
    status_code: isBad ? 500 : 200,
    error: isBad ? 'status' : null,
    response: isBad ? '{"error":"database is away"}' : 'ok',
    next_attempt_at: isBad && attempt < 7 ? at(occurred - (attempt + 1) * 0.2) : null,
  }));
  return {
    id: `evt_${ulid(index)}`,
    type,
    status,
    run: 1,
    attempts_made: status === 'held' ? 0 : attempts.length,
    last_attempt_at: attempts.at(-1)?.at ?? null,
    next_attempt_at: status === 'retrying' ? at(-1) : null,
    occurred_at: at(occurred),
    attempts: status === 'held' ? [] : attempts,
    event: {
      id: `evt_${ulid(index)}`,
      type,
      version: '1',
      occurred_at: at(occurred),
      brand_id: `brd_${ulid(1)}`,
      data: { wa_message_id: 'wamid.HBgLMTU1', from: contact, type: 'text', content: { body: 'Hi there' } },
    },
  };
});

export const auditLog = [
  ['api_key.created', 'api_key', 'key_dZ4VJbDi0aB0'],
  ['connection.updated', 'connection', connection.id],
  ['member.invited', 'member', 'mem_1'],
  ['event.replayed', 'event', `evt_${ulid(1)}`],
].map(([action, kind, id], index) => ({
  id: `aud_${ulid(index)}`,
  at: at(index * 300 + 5),
  actor: { kind: 'member', id: 'mem_0', email: 'owner@demo.example' },
  action,
  target: { type: kind, id },
  brand_id: null,
  before: null,
  after: { name: 'Signup service' },
  request_id: `req_${index}`,
}));
