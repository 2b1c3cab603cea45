import { randomBytes, randomInt } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { SettingsStore } from './database.ts';
import { randomAccessToken, randomObjectId } from './random-ids.ts';

const App = z.object({ id: z.string(), secret: z.string(), verifyToken: z.string(), createdAt: z.number() });

/** Our app at Meta: one secret signs the webhooks of all its tenants. */
export type App = z.infer<typeof App>;

const AccountRow = z
  .object({
    waba_id: z.string(),
    phone_number_id: z.string(),
    business_id: z.string(),
    display_phone_number: z.string(),
    verified_name: z.string(),
    access_token: z.string(),
    is_subscribed: z.number(),
    override_url: z.string().nullable(),
    created_at: z.number(),
  })
  .transform((row) => ({
    wabaId: row.waba_id,
    phoneNumberId: row.phone_number_id,
    businessId: row.business_id,
    /** Digits only, as in webhooks; REST shows it formatted. */
    displayPhoneNumber: row.display_phone_number,
    verifiedName: row.verified_name,
    accessToken: row.access_token,
    isSubscribed: row.is_subscribed === 1,
    overrideUrl: row.override_url,
    createdAt: row.created_at,
  }));

/** One WABA with its one phone number and the one token that may use both. */
export type Account = z.infer<typeof AccountRow>;

/** Reads the app, or invents it on first start: random, then stable for the life of the database. */
export function loadApp(settings: SettingsStore, now: number): App {
  const stored = settings.read('app');
  if (stored !== undefined) return App.parse(stored);
  const app: App = {
    id: randomObjectId(),
    secret: randomBytes(16).toString('hex'),
    verifyToken: randomBytes(18).toString('base64url'),
    createdAt: now,
  };
  settings.write('app', app);
  return app;
}

/** The WABAs of all customers of our app. */
export function accountStore(database: DatabaseSync) {
  const all = database.prepare('SELECT * FROM meta_accounts ORDER BY rowid');
  const insert = database.prepare(
    `INSERT INTO meta_accounts (waba_id, phone_number_id, business_id, display_phone_number, verified_name, access_token,
     is_subscribed, override_url, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?)`,
  );
  const subscribe = database.prepare('UPDATE meta_accounts SET is_subscribed = ?, override_url = ? WHERE waba_id = ?');

  let accounts = all.all().map((row) => AccountRow.parse(row));
  return {
    list: (): readonly Account[] => accounts,
    first: (): Account | undefined => accounts[0],
    byToken: (token: string) => accounts.find((account) => account.accessToken === token),
    byPhoneNumberId: (id: string) => accounts.find((account) => account.phoneNumberId === id),
    byWabaId: (id: string) => accounts.find((account) => account.wabaId === id),
    /** Another customer of Meta's; numbers run on from +1 555 010 0001. */
    add(verifiedName: string, now: number, isSubscribed = true): Account {
      insert.run(
        randomObjectId(),
        randomObjectId(),
        randomObjectId(),
        String(15_550_100_001 + accounts.length),
        verifiedName,
        randomAccessToken(),
        isSubscribed ? 1 : 0,
        now,
      );
      accounts = all.all().map((row) => AccountRow.parse(row));
      const added = accounts.at(-1);
      if (added === undefined) throw new Error('an account just inserted must be there');
      return added;
    },
    setSubscription(wabaId: string, isSubscribed: boolean, overrideUrl: string | null): void {
      subscribe.run(isSubscribed ? 1 : 0, overrideUrl, wabaId);
      accounts = all.all().map((row) => AccountRow.parse(row));
    },
  };
}

export type AccountStore = ReturnType<typeof accountStore>;

const PersonRow = z
  .object({ user_id: z.string(), phone: z.string().nullable(), name: z.string(), username: z.string().nullable() })
  .transform(({ user_id, ...rest }) => ({ userId: user_id, ...rest }));

/** Someone on WhatsApp. `phone` is null for a person whose number Meta withholds (meta-cloud-api §2.6). */
export type Person = z.infer<typeof PersonRow>;

/** People by number or by business-scoped user id; made up at first contact, then the same for ever. */
export function peopleStore(database: DatabaseSync) {
  const byPhone = database.prepare('SELECT * FROM meta_people WHERE phone = ?');
  const byUserId = database.prepare('SELECT * FROM meta_people WHERE user_id = ?');
  const upsert = database.prepare(
    `INSERT INTO meta_people (user_id, phone, name, username) VALUES (?, ?, ?, ?)
     ON CONFLICT (user_id) DO UPDATE SET name = excluded.name, username = excluded.username`,
  );
  const store = {
    /** @param name replaces the known one when given */
    withPhone(phone: string, name?: string): Person {
      const row = byPhone.get(phone);
      const known = row === undefined ? undefined : PersonRow.parse(row);
      if (known !== undefined && (name === undefined || name === known.name)) return known;
      const userId = known?.userId ?? `US.${randomInt(1, 10)}${randomObjectId()}${randomInt(1000, 10_000)}`;
      return store.save({
        userId,
        phone,
        name: name ?? `Person ${phone.slice(-4)}`,
        username: known?.username ?? null,
      });
    },
    withUserId(userId: string, name?: string, username?: string): Person {
      const row = byUserId.get(userId);
      const known = row === undefined ? undefined : PersonRow.parse(row);
      return store.save({
        userId,
        phone: known?.phone ?? null,
        name: name ?? known?.name ?? 'Someone',
        username: username ?? known?.username ?? null,
      });
    },
    save(person: Person): Person {
      upsert.run(person.userId, person.phone, person.name, person.username);
      return person;
    },
  };
  return store;
}

export type PeopleStore = ReturnType<typeof peopleStore>;
