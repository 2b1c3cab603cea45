import { mintApiKey } from '../../shared/api-key.ts';
import { CANARY_BRAND } from '../../shared/canary.ts';
import type { Now } from '../../shared/clock.ts';
import { ConnectionSecret } from '../../shared/secrets.ts';
import type { ApiKey } from '../../shared/store/api-key-store.ts';
import { newSigningSecret } from '../../shared/webhooks/secret-rotation.ts';

type Deps = {
  /** @returns undefined when nothing that can sign is in the secret yet */
  readSecret: () => Promise<unknown>;
  writeSecret: (secret: ConnectionSecret) => Promise<void>;
  connect: (now: number) => Promise<void>;
  hash: (secret: string) => Promise<Pick<ApiKey, 'secretHash' | 'pepperVersion'>>;
  insertKey: (key: ApiKey) => Promise<unknown>;
  removeKey: (keyId: string) => Promise<void>;
  /** Sends through the public URL. @returns the status of the answer */
  send: (apiKey: string, reference: string) => Promise<number>;
  /** When the newest message that came back was sent. */
  arrivedUntil: () => Promise<number | null>;
  now: Now;
  sleep: (ms: number) => Promise<void>;
};

/** A first attempt takes a second or two; what takes longer than this, tenants notice. */
const PATIENCE_MS = 45_000;
const LOOK_EVERY_MS = 500;
/** Should removing it fail: nobody has it, and it ends by itself. */
const KEY_LIVES_MS = 15 * 60_000;

/**
 * One round of a tenant's life: mints a sandbox key, sends through the public URL, and waits until the signed event of
 * the delivery has come back to an endpoint of its own.
 * @returns how long the event took, milliseconds @throws when a step does not work, naming it
 */
export const runCanary = (deps: Deps) => async (): Promise<number> => {
  const startedAt = deps.now();
  if (!ConnectionSecret.safeParse(await deps.readSecret()).success) {
    await deps.writeSecret({ access_token: 'canary', signing_secrets: [newSigningSecret()] });
  }
  await deps.connect(startedAt);
  const { keyId, secret, mode, text } = mintApiKey('test');
  const key = { keyId, mode, ...(await deps.hash(secret)), brandId: CANARY_BRAND, name: 'Canary' };
  const times = { createdAt: startedAt, expiresAt: startedAt + KEY_LIVES_MS, revokedAt: null, lastUsedAt: null };
  await deps.insertKey({ ...key, ...times, scopes: ['whatsapp:send_template'] });
  try {
    const status = await deps.send(text, String(startedAt));
    if (status !== 200) throw new Error(`The canary's send was answered ${status}`);
    for (;;) {
      if (((await deps.arrivedUntil()) ?? 0) >= startedAt) return deps.now() - startedAt;
      if (deps.now() - startedAt > PATIENCE_MS) throw new Error("The event of the canary's send did not come back");
      await deps.sleep(LOOK_EVERY_MS);
    }
  } finally {
    await deps.removeKey(keyId);
  }
};
