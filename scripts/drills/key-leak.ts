import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../../test/support/local-stack.ts';
import { mintKey } from '../../test/support/tenant.ts';
import { type Drill, expect, now } from './drill.ts';

/** Somebody finds a key in a public repository and reports it with nothing but the key. */
export const keyLeak: Drill = {
  title: 'an API key leaks; whoever finds it shuts it off',
  async run(stack, say) {
    const leaked = await mintKey(stack, ['whatsapp:send_otp'], { mode: 'test', name: 'Leaked' });
    const other = await mintKey(stack, ['whatsapp:send_otp'], { mode: 'test', name: 'Other' });
    const call = (key: string) => stack.api('GET', '/v1/whatsapp/external/key', { headers: { 'X-API-Key': key } });
    expect('the key works', (await call(leaked)).status === 200);
    say('A key of the demo brand works, and is now in a public repository.');

    const report = await stack.api('POST', '/v1/whatsapp/external/key/report-leak', {
      headers: { 'X-API-Key': leaked },
    });
    const revoked = (await report.json()) as { id?: string; status?: string };
    expect('the report is taken', report.status === 200 && revoked.status === 'revoked');
    say(`POST /key/report-leak with the key itself answers 200: ${revoked.id} is revoked. Alarm: key-reported-leaked.`);

    const reportedAt = await now(stack);
    await eventually(
      async () => {
        const { status } = await call(leaked);
        if (status !== 401) await stack.control.advance(10);
        return status;
      },
      (status) => status === 401,
    );
    const seconds = Math.round(((await now(stack)) - reportedAt) / 1000);
    expect('it ends with the cache of the gateway', seconds <= 70);
    say(
      `${seconds} s later it answers 401 (at most 60 s: the gateway's cache; at once with flush-stage-authorizers-cache).`,
    );
    expect('other keys of the brand go on', (await call(other)).status === 200);
    say('Another key of the same brand goes on working.');

    const logs = readdirSync(stack.logs).map((file) => readFileSync(path.join(stack.logs, file), 'utf8'));
    expect('no log has the key', !logs.some((text) => text.includes(leaked)));
    expect(
      'a log has its id',
      logs.some((text) => text.includes('key.reported_leaked') && text.includes(String(revoked.id))),
    );
    say('The logs have the id of the key (key.reported_leaked), and the key itself nowhere.');
  },
};
