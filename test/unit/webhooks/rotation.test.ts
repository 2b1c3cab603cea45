import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { type ConnectionSecret, SECRET_MAX_AGE_SECONDS } from '../../../shared/secrets.ts';
import { deliverFromQueue } from '../../../shared/webhooks/deliver.ts';
import { endpointClient } from '../../../shared/webhooks/endpoint-client.ts';
import { newSigningSecret, promoteSecret, rotateSecret } from '../../../shared/webhooks/secret-rotation.ts';
import { memoryEndpoints, memoryEvents } from '../../soak/memory-stores.ts';
import { startHttpServer } from '../../support/http-server.ts';
import { connectionTo, freshEvent, laneContainer } from '../../support/lane.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 22);
const CONTAINERS = 4;

/** As readSecret: what a container has read it keeps for a minute. */
function cachedSecret(current: () => ConnectionSecret, now: () => number) {
  let known: { secret: ConnectionSecret; until: number } | undefined;
  return async () => {
    if (!known || known.until <= now()) known = { secret: current(), until: now() + SECRET_MAX_AGE_SECONDS * 1000 };
    return known.secret;
  };
}

test.each([
  ['promoted by hand, minutes after it began', 3 / 60],
  ['promoted by hand at once', 0],
  ['promoted by itself after a day', null],
])(
  'a rotation %s: a receiver that knows one secret and one header refuses not one event',
  async (_case, promotedAfterHours) => {
    const [OLD, NEW] = [newSigningSecret(), newSigningSecret()];
    let secret: ConnectionSecret = { access_token: 'token', signing_secrets: [OLD] };
    let time = START;
    const now = () => time;
    /** The tenant puts the new secret in the place of the old one when the dashboard says that it signs. */
    const known = () =>
      secret.rotated_at && time >= (secret.promoted_at ?? secret.rotated_at + 24 * HOUR) ? NEW : OLD;
    const refused: string[] = [];
    let posts = 0;
    const receiver = await startHttpServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        posts += 1;
        const expected = `sha256=${createHmac('sha256', known()).update(Buffer.concat(chunks)).digest('hex')}`;
        const isValid = request.headers['x-quixess-signature-256'] === expected;
        if (!isValid) refused.push(new Date(time).toISOString());
        response.writeHead(isValid ? 204 : 401).end();
      });
    });
    try {
      const connection = connectionTo(receiver.url);
      const { store: events, items } = memoryEvents();
      const { store: endpoints } = memoryEndpoints();
      const endpoint = endpointClient({ policy: 'allow-loopback', timeoutMs: 15_000 });
      const containers = Array.from({ length: CONTAINERS }, () => {
        const secretOf = cachedSecret(() => secret, now);
        const deps = laneContainer({
          lane: 'fast',
          connections: [connection],
          events,
          endpoints,
          endpoint,
          now,
          secretOf,
        });
        return deliverFromQueue(deps);
      });
      const rotateAt = START + 0.1 * HOUR;
      const promoteAt = promotedAfterHours === null ? Number.POSITIVE_INFINITY : rotateAt + promotedAfterHours * HOUR;
      /** Every container delivers; those that come later in the round have read the secret at other times. */
      for (let index = 0; time < START + 50 * HOUR; index += 1) {
        if (time >= rotateAt && secret.rotated_at === undefined) secret = rotateSecret(secret, NEW, time);
        if (time >= promoteAt) secret = promoteSecret(secret, time);
        await containers[index % CONTAINERS]?.(freshEvent(connection, time, index), 1);
        // Close together where something changes, far apart where nothing does.
        const soon = [rotateAt, promoteAt, rotateAt + 24 * HOUR].some((at) => Math.abs(time - at) < 0.1 * HOUR);
        time += soon ? 7000 : 0.2 * HOUR;
      }
      expect(refused).toEqual([]);
      expect(posts).toBe(items.size);
      expect(posts).toBeGreaterThan(200);
      expect([...items.values()].every(({ status }) => status === 'delivered')).toBe(true);
      expect(known()).toBe(NEW);
    } finally {
      await receiver.close();
    }
  },
);
