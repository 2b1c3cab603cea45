import { writeFileSync } from 'node:fs';
import type { EventType } from '../../shared/events/event-types.ts';
import { signedHeaders } from '../../shared/webhooks/signing.ts';

const secret = (letter: string) => `whsec_${Buffer.from(letter.repeat(32)).toString('base64')}`;
const OLD = secret('o');
const NEW = secret('n');
const AT = Date.UTC(2026, 10, 22, 10, 30, 0, 250);

const CASES: { name: string; secrets: string[]; data: Record<string, unknown> }[] = [
  { name: 'one secret', secrets: [OLD], data: { type: 'text', content: { body: 'Hi there' } } },
  { name: 'text beyond ASCII', secrets: [OLD], data: { type: 'text', content: { body: 'Grüße 👋 “ok” \u2028' } } },
  {
    name: 'rotation, first phase: the old secret first',
    secrets: [OLD, NEW],
    data: { type: 'text', content: { body: 'Hi' } },
  },
  {
    name: 'rotation, after promotion: the new secret first',
    secrets: [NEW, OLD],
    data: { type: 'text', content: { body: 'Hi' } },
  },
  { name: 'rotation is over', secrets: [NEW], data: { type: 'text', content: { body: 'Hi' } } },
];

/** What receivers in any language can test their verification with. */
export function webhookVectors() {
  return {
    about:
      'X-Quixess-Signature-256 is the HMAC-SHA256 of the raw body, keyed with the first secret as it is shown. webhook-signature follows https://www.standardwebhooks.com: one signature per live secret, keyed with its decoded bytes.',
    vectors: CASES.map(({ name, secrets, data }) => {
      const event = { id: 'evt_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1', type: 'message.received' as EventType };
      const body = JSON.stringify({ ...event, version: '1', data });
      const headers = signedHeaders({ event, body, at: AT, number: 1, isReplay: false }, secrets);
      return { name, secrets, body, headers };
    }),
  };
}

if (import.meta.main) {
  writeFileSync('docs/webhook-vectors.json', `${JSON.stringify(webhookVectors(), null, 2)}\n`);
}
