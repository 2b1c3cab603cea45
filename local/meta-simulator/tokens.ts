import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { Account, AccountStore, App } from './accounts.ts';
import { randomAccessToken, randomObjectId } from './random-ids.ts';

/** What sending and what managing asks of a token: meta-cloud-api §1.1. */
export const PERMISSIONS = ['whatsapp_business_management', 'whatsapp_business_messaging'] as const;
export type Permission = (typeof PERMISSIONS)[number];

const Shape = z.object({
  /** Another app's tokens are good for everything but our webhooks. */
  appId: z.string(),
  type: z.enum(['SYSTEM_USER', 'USER', 'PAGE']),
  scopes: z.array(z.string()),
  /** WABAs the scopes are granted for; null for all that its user may use. */
  targetIds: z.array(z.string()).nullable(),
  /** Virtual milliseconds; null for never. */
  expiresAt: z.number().nullable(),
  isRevoked: z.boolean(),
  issuedAt: z.number(),
});
type Shape = z.infer<typeof Shape>;

/** An access token, and the account it was made for. */
export type AccessToken = Shape & { text: string; account: Account };

type Deps = { database: DatabaseSync; accounts: AccountStore; app: App; now: () => number };

/** Tokens in all states a customer may bring. Each account has one that never expires; others are made by `POST /_tokens`. */
export function tokenStore({ database, accounts, app, now }: Deps) {
  const select = database.prepare('SELECT waba_id, shape FROM meta_tokens WHERE token = ?');
  const upsert = database.prepare(
    'INSERT INTO meta_tokens (token, waba_id, shape) VALUES (?, ?, ?) ON CONFLICT (token) DO UPDATE SET shape = excluded.shape',
  );

  const own = (account: Account): Shape => ({
    appId: app.id,
    type: 'SYSTEM_USER',
    scopes: [...PERMISSIONS],
    targetIds: [account.wabaId],
    expiresAt: null,
    isRevoked: false,
    issuedAt: account.createdAt,
  });

  const store = {
    /** A token whether it is good or not; undefined for one that never was. */
    find(text: string): AccessToken | undefined {
      const row = select.get(text);
      const account = row === undefined ? accounts.byToken(text) : accounts.byWabaId(String(row.waba_id));
      if (account === undefined) return undefined;
      const shape = row === undefined ? own(account) : Shape.parse(JSON.parse(String(row.shape)));
      return { ...shape, text, account };
    },
    isAlive: (token: AccessToken): boolean => !token.isRevoked && (token.expiresAt === null || token.expiresAt > now()),
    /** @param change what is not as with the account's own token */
    add(
      account: Account,
      { isOfOtherApp = false, ...change }: Partial<Shape> & { isOfOtherApp?: boolean },
    ): AccessToken {
      const shape: Shape = {
        ...own(account),
        issuedAt: now(),
        ...change,
        ...(isOfOtherApp ? { appId: randomObjectId() } : {}),
      };
      const text = randomAccessToken();
      upsert.run(text, account.wabaId, JSON.stringify(shape));
      return { ...shape, text, account };
    },
    /** Its user took the app's access away. @returns false for a token that never was */
    revoke(text: string): boolean {
      const token = store.find(text);
      if (token === undefined) return false;
      const { account, text: _text, ...shape } = token;
      upsert.run(text, account.wabaId, JSON.stringify({ ...shape, isRevoked: true }));
      return true;
    },
  };
  return store;
}

export type TokenStore = ReturnType<typeof tokenStore>;
