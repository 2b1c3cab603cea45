import { EVENT_TYPES } from '../../shared/events/event-types.ts';
import { SCOPES, type Scope } from '../../shared/scopes.ts';
import { MAX_ATTEMPTS, RETRY_DELAYS_SECONDS } from '../../shared/webhooks/retry-schedule.ts';
import type { Grammar } from './highlight.ts';

/** A piece of prose. Texts are lines of Markdown: page and twin are made of the same. */
export type Block =
  | { kind: 'text'; text: string }
  | { kind: 'list'; items: readonly string[] }
  | { kind: 'table'; head: readonly string[]; rows: readonly (readonly string[])[] }
  | { kind: 'code'; grammar: Grammar; title: string; code: string };

export type Guide = { id: string; title: string; blocks: readonly Block[] };

const text = (line: string): Block => ({ kind: 'text', text: line });
const list = (...items: string[]): Block => ({ kind: 'list', items });
const table = (head: readonly string[], ...rows: readonly string[][]): Block => ({ kind: 'table', head, rows });
const code = (grammar: Grammar, title: string, lines: string): Block => ({
  kind: 'code',
  grammar,
  title,
  code: lines,
});

export const HERO = {
  title: 'Send messages. Receive events. From your own backend.',
  lead: 'A scoped HTTP API for WhatsApp Business: send OTPs, templates and free-form replies, query message history, and receive signed webhook events.',
};

export const FEATURES: readonly (readonly [title: string, text: string])[] = [
  [
    'WhatsApp Business Cloud API',
    'Production-grade integration with Meta’s Cloud API. We handle WABA setup, token rotation and signatures; you call REST.',
  ],
  [
    'Scoped API keys',
    'Each key is bound to one brand and one set of scopes. A signup key can only send OTPs, never read messages.',
  ],
  [
    'Reliable webhooks',
    'Versioned event envelopes, HMAC-signed, retried with exponential backoff. Replay any failed delivery.',
  ],
  [
    'Idempotent writes',
    'Pass `Idempotency-Key` on any send. The same key within 24 h returns the original response: safe to retry from your queue.',
  ],
];

export const STEPS: readonly (readonly [title: string, text: string])[] = [
  [
    'Mint an API key',
    'Open [Settings → API keys](/app/settings/api-keys) in the dashboard. Pick a brand, select the scopes you need (e.g. `whatsapp:send_otp`), and copy the `qxs_…` secret. It is shown only once.',
  ],
  [
    'Submit a template',
    'Most sends need a template that Meta approved. Submit one at [WhatsApp → Templates](/app/whatsapp/templates): the OTP preset is approved in about an hour. List yours with [GET /templates](#templates.list).',
  ],
  [
    'Send your first OTP',
    'POST the recipient’s phone and the code to [/send/otp](#otp.send). The brand is that of your API key; it is never sent in the request.',
  ],
];

/** What a scope is called in the dashboard, and what it is for. */
export const SCOPE_NAMES: Readonly<Record<Scope, string>> = {
  'whatsapp:send_otp': 'Send OTP',
  'whatsapp:send_template': 'Send template',
  'whatsapp:reply': 'Reply',
  'whatsapp:read_templates': 'Read templates',
  'whatsapp:read_messages': 'Read messages',
  'whatsapp:read_conversations': 'Read conversations',
  'whatsapp:manage_webhooks': 'Manage webhook events',
};

export const SAMPLE_EVENT = `POST https://api.bordercart.com/webhooks/quixess
Content-Type: application/json
X-Quixess-Event-Id: evt_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1
X-Quixess-Event-Type: message.received
X-Quixess-Signature-256: sha256=b64825cb50f6…
X-Quixess-Attempt: 1
webhook-id: evt_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1
webhook-timestamp: 1778841000
webhook-signature: v1,wCc0PPDmNTJw…

{
  "id": "evt_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1",
  "type": "message.received",
  "version": "1",
  "occurred_at": "2026-05-15T10:30:00.000Z",
  "delivered_at": "2026-05-15T10:30:00.234Z",
  "brand_id": "brd_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1",
  "data": {
    "wa_message_id": "wamid.HBgLMTI4MTgxODQzNzAVAgASGBI",
    "message_id": "msg_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1",
    "from": { "phone": "12818184370", "user_id": null, "name": "Frank" },
    "to": { "phone_number_id": "100000000000001", "waba_id": "200000000000001" },
    "type": "text",
    "content": { "body": "Hi there" },
    "reply_to": null
  }
}`;

/** \`90\` → \`90 s\`, \`600\` → \`10 min\` */
const duration = (seconds: number): string =>
  seconds < 60 ? `${seconds} s` : seconds < 3600 ? `${seconds / 60} min` : `${seconds / 3600} h`;

export const RETRIES: readonly (readonly string[])[] = [
  ['1', 'at once'],
  ...RETRY_DELAYS_SECONDS.map((seconds, index) => [String(index + 2), duration(seconds)]),
];

/** What your endpoint answers, and what follows. */
export const ANSWERS: readonly (readonly string[])[] = [
  ['2xx within 15 s', 'Delivered.'],
  ['410', 'No more attempts: the endpoint is disabled until you enable it.'],
  ['429 or 503 with `Retry-After`', 'We wait that long where it is longer than the schedule, at most 6 h.'],
  ['3xx', 'A failure: redirects are never followed.'],
  ['anything else, or nothing', 'A failure: the next attempt follows the schedule.'],
];

export const WEBHOOKS_LEAD = `When a customer writes to your WhatsApp Business number, we POST an event to your endpoint: HMAC-signed, tried ${MAX_ATTEMPTS} times over seven hours, and replayable. ${EVENT_TYPES.length} types; a new connection starts with six of them, the others are opt-in.`;

export const VERIFYING: readonly string[] = [
  'Each request carries two signatures. `X-Quixess-Signature-256` is the hex HMAC-SHA256 of the raw body, keyed with the secret exactly as it is shown, `whsec_` included. `webhook-signature` follows [Standard Webhooks](https://www.standardwebhooks.com), so any of its libraries verifies it as well; it also covers the time, by which an old request played again is told from a fresh one.',
  'Check the raw bytes, before any JSON parser. Answer 2xx first and work later. The same event may come twice: `id` stays the same in every attempt and replay.',
];

export const GUIDES: readonly Guide[] = [
  {
    id: 'sandbox',
    title: 'Sandbox',
    blocks: [
      text(
        'Keys that begin with `qxs_test_` send nothing to WhatsApp and need no connection. Answers, limits and idempotency are those of live keys, an `Idempotency-Key` apart from the live ones; events are really delivered, with `"mode": "test"` in their data. The recipient decides what happens:',
      ),
      table(
        ['recipient', 'what happens'],
        ['`+15550100000`', 'accepted, sent, delivered'],
        ['`+15550103000`', 'refused: wrong number of template variables'],
        ['`+15550102047`', 'refused: outside the service window'],
        ['`+15550105026`', 'accepted, then failed'],
        ['`+15550106003`', 'outcome unknown (202), then delivered'],
        ['`+15550106009`', 'WhatsApp unreachable (502), nothing sent'],
      ),
    ],
  },
  {
    id: 'idempotency',
    title: 'Idempotency',
    blocks: [
      text(
        'Pass `Idempotency-Key` (1–255 visible ASCII characters, a UUID is fine) on a send. For 24 hours the same key with the same request gets the first answer, byte for byte, with `Idempotency-Replayed: true`; nothing is sent twice.',
      ),
      table(
        ['the first request', 'the same key and request gets'],
        [
          'is still running',
          '409 [`idempotency_in_progress`](/developers/errors/idempotency_in_progress) with `Retry-After`',
        ],
        ['was completed', 'its answer, with `Idempotency-Replayed: true`'],
        ['never heard back from Meta', '202 with `status: "outcome_unknown"`; never sent again by us'],
        ['was refused by us (4xx), or no bytes left us', 'a fresh attempt: the key was not used up'],
      ),
      text(
        'The same key with another request is 422 [`idempotency_key_reused`](/developers/errors/idempotency_key_reused). When Meta’s webhook later tells what became of an unknown send, you get `message.reconciled`.',
      ),
    ],
  },
  {
    id: 'retries',
    title: 'Retrying requests',
    blocks: [
      text(
        'Every error says whether the same request may work later: `retryable`, and `retry_after_seconds` where we know. Retry those with the same `Idempotency-Key`, after `Retry-After`, with some jitter; correct everything else first.',
      ),
      code(
        'javascript',
        'Node',
        `async function send(request, key, attempt = 1) {
  const response = await fetch(request.url, {
    ...request,
    headers: { ...request.headers, 'Idempotency-Key': key },
  });
  if (response.ok || attempt === 5) return response;
  const { retryable, retry_after_seconds } = await response.clone().json();
  if (!retryable) return response;
  const seconds = (retry_after_seconds ?? 2 ** attempt) * (1 + Math.random() / 5);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  return send(request, key, attempt + 1);
}`,
      ),
    ],
  },
  {
    id: 'limits',
    title: 'Limits',
    blocks: [
      table(
        ['limit', 'default', 'beyond it'],
        ['requests of a key', '600 a minute, in any rhythm', '[`rate_limited`](/developers/errors/rate_limited)'],
        [
          'codes to a person',
          '5 in 10 minutes, 20 in a day',
          '[`otp_recipient_limit`](/developers/errors/otp_recipient_limit)',
        ],
        [
          'messages to a person',
          '45 at once, then one in 6 s (WhatsApp’s own)',
          '[`pair_rate_limited`](/developers/errors/pair_rate_limited)',
        ],
        ['messages of a number', '80 a second (WhatsApp’s own)', '[`rate_limited`](/developers/errors/rate_limited)'],
        ['size of a request', '64 KiB of JSON', '[`payload_too_large`](/developers/errors/payload_too_large)'],
      ),
      text(
        'A 429 carries `Retry-After`, and `RateLimit` and `RateLimit-Policy` (an IETF draft: informative). [GET /key](#key.get) tells the limits of your key.',
      ),
    ],
  },
  {
    id: 'pagination',
    title: 'Pagination',
    blocks: [
      text(
        'Lists answer `{"data": […], "next_cursor": "…", "has_more": true}`, newest first, `limit` 1–100 (default 25). Pass `next_cursor` as `cursor`, with the same filters, until `has_more` is false. Rows that were there when you began come exactly once, whatever is inserted meanwhile.',
      ),
    ],
  },
  {
    id: 'redelivery',
    title: 'Replay and recovery',
    blocks: [
      list(
        'One event: [POST /webhooks/events/{id}/replay](#events.replay) delivers it once more, under the same id, with `X-Quixess-Replay: true`.',
        'Many: [POST /webhooks/recoveries](#recoveries.create) takes a filter. `dry_run` tells how many and how long; a recovery shows its progress and can be cancelled.',
        'An endpoint that keeps failing is spared: events are held, and go out when it answers again (`endpoint.recovered`, opt-in). After 72 hours without a 2xx, with 20 failed events on two days, it is disabled until you enable it; nothing is deleted.',
        'Events and every attempt are kept for 30 days: [GET /webhooks/events/{id}](#events.get).',
      ),
    ],
  },
  {
    id: 'versioning',
    title: 'Versioning',
    blocks: [
      text(
        'The version is in the path: `/api/v1`. Within it we only add: endpoints, optional fields, event types (opt-in), error codes. Ignore fields you do not know; unknown fields of your requests are refused, so that no typo goes unnoticed. An event’s envelope has a `version` of its own. What changed is in the [changelog](/developers/changelog).',
      ),
    ],
  },
];

/** Groups of the reference: the seven scopes, then what every key may call. */
export const GROUPS: readonly (readonly [scope: string, title: string])[] = [
  ...SCOPES.map((scope) => [scope, SCOPE_NAMES[scope]] as const),
  ['any-key', 'Your key'],
  ['public', 'This document'],
];
