import type { Change, ChangeLog } from '../../shared/audit/change-log.ts';
import type { Now } from '../../shared/clock.ts';
import { ApiError, type ReportedStep } from '../../shared/errors.ts';
import { DEFAULT_EVENT_FILTER, type EventType } from '../../shared/events/event-types.ts';
import { deterministicId } from '../../shared/ids.ts';
import { logger } from '../../shared/logger.ts';
import type { AccountCalls } from '../../shared/meta/account-calls.ts';
import { requireOk } from '../../shared/meta/call-outcome.ts';
import type { Assessment } from '../../shared/onboarding/assess-token.ts';
import type { Credentials, LiveChecks } from '../../shared/onboarding/live-checks.ts';
import { stepReport } from '../../shared/onboarding/steps.ts';
import type { ConnectionSecret } from '../../shared/secrets.ts';
import { brandClaim, type ClaimStore, numberClaim } from '../../shared/store/claim-store.ts';
import type { ConnectionSecrets } from '../../shared/store/connection-secrets.ts';
import type { Connection, ConnectionStore, NumberState } from '../../shared/store/connection-store.ts';
import type { EndpointStore } from '../../shared/store/endpoint-store.ts';
import { connectionSnapshot } from '../../shared/views/connection-view.ts';
import type { EndpointControl } from '../../shared/webhooks/endpoint-control.ts';
import { newSigningSecret } from '../../shared/webhooks/secret-rotation.ts';
import type { AfterActivation } from './after-activation.ts';

/** In this order, and so reported. */
export const ONBOARDING_STEPS = [
  'token_checked',
  'number_checked',
  'app_subscribed',
  'token_stored',
  'signing_secret_made',
  'connection_activated',
  'templates_synced',
  'test_event_sent',
  'held_updates_replayed',
] as const;

/** What is to be connected, and by whom. What is not named stays; of a new connection it is as usual. */
export type Wish = Credentials & {
  brand: { brandId: string; organisationId: string; createdAt: number };
  webhookUrl?: string | null;
  eventFilter?: EventType[];
  defaultOtpTemplate?: string | null;
  by: Pick<Change, 'actor' | 'organisationId' | 'requestId'>;
};

export type Onboarded = {
  connection: Connection;
  /** The signing secret, where nobody was shown it yet. */
  secret: string | null;
  /** Whether this request made the connection. */
  isNew: boolean;
  steps: ReportedStep[];
};

type Deps = {
  checks: LiveChecks;
  accounts: Pick<AccountCalls, 'subscribedApps' | 'subscribe' | 'unsubscribe'>;
  appId: string;
  secrets: ConnectionSecrets;
  claims: ClaimStore;
  connections: Pick<
    ConnectionStore,
    'get' | 'activeOfBrand' | 'activeOfPhoneNumber' | 'activeOfWaba' | 'saving' | 'noteOnboarded'
  >;
  endpoints: Pick<EndpointStore, 'get'>;
  control: Pick<EndpointControl, 'enabling'>;
  changes: ChangeLog;
  after: AfterActivation;
  now: Now;
};

type Undo = (() => Promise<unknown>)[];

/**
 * Connects a number to a brand. Every id and name follows from brand and number, and every step finds what it made
 * before: who is killed between any two and begins again ends with one connection, one secret and one subscription
 * (docs/adr/0011). What fails before the connection is active is undone.
 * @throws ApiError with all steps in it
 */
export const onboard =
  (deps: Deps) =>
  async (wish: Wish): Promise<Onboarded> => {
    const { step, optional, list } = reporting();
    const undo: Undo = [];
    const connectionId = await idOf(deps, wish);
    try {
      const assessed = await step('token_checked', () => deps.checks.token(wish));
      const number = await step('number_checked', async () => {
        const found = await deps.checks.number(wish);
        await requireFree(deps, wish);
        return found;
      });
      // Before anything that deleting takes away is looked for: who deletes it from here on, keeps it from being active.
      const before = await deps.connections.get(connectionId);
      await step('app_subscribed', () => subscribe(deps, wish, undo));
      const stored = await step('token_stored', () => storeSecret(deps, wish, connectionId, before, undo));
      const secret = await step('signing_secret_made', async () => {
        const isShown = before?.status === 'active' && before.onboardedAt !== undefined;
        const value = isShown ? null : (stored.value.signing_secrets[0] ?? null);
        return { value, detail: isShown ? 'It was shown before; rotate it for a new one.' : 'Shown once.' };
      });
      const activated = await step('connection_activated', () =>
        activate(deps, wish, { connectionId, before, stored, assessed: assessed, number }),
      );
      undo.length = 0;

      const { connection } = activated;
      await optional('templates_synced', () => deps.after.syncTemplates(connection, wish.accessToken));
      await optional('test_event_sent', () => deps.after.sendTest(connection));
      await optional('held_updates_replayed', () => deps.after.replayHeld(connection));
      const onboardedAt = connection.onboardedAt ?? deps.now();
      if (connection.onboardedAt === undefined) await deps.connections.noteOnboarded(connection, onboardedAt);
      return { connection: { ...connection, onboardedAt }, secret, isNew: activated.isNew, steps: list() };
    } catch (error) {
      await takeBack(deps, connectionId, undo);
      throw error;
    }
  };

const reporting = () => {
  const report = stepReport(ONBOARDING_STEPS);
  return { step: report.step.bind(report), optional: report.optional.bind(report), list: report.list };
};

/** What cannot be undone is found again by the next try. */
async function takeBack({ connections }: Deps, connectionId: string, undo: Undo): Promise<void> {
  for (const one of undo.reverse()) {
    try {
      // Active after all, where only the answer was lost, or by another request at the same time: all of it is in use.
      if ((await connections.get(connectionId))?.status === 'active') return;
      await one();
    } catch (failure) {
      logger.warn('onboarding.not_undone', failure as Error);
    }
  }
}

/** The one that has the number for this brand, else what follows from both. */
async function idOf({ connections }: Deps, { brand, phoneNumberId }: Wish): Promise<string> {
  const active = await connections.activeOfPhoneNumber(phoneNumberId);
  if (active?.brandId === brand.brandId) return active.connectionId;
  return deterministicId('con', brand.createdAt, ['connection', brand.brandId, phoneNumberId]);
}

/** Asked before anything is made; the claims of the activation decide. @throws ApiError that never tells whose it is */
async function requireFree(deps: Deps, { brand, phoneNumberId }: Wish): Promise<void> {
  const [claim, active, ofBrand, activeOfBrand] = await Promise.all([
    deps.claims.get(numberClaim(phoneNumberId)),
    deps.connections.activeOfPhoneNumber(phoneNumberId),
    deps.claims.get(brandClaim(brand.brandId)),
    deps.connections.activeOfBrand(brand.brandId),
  ]);
  const holder = claim ?? active;
  if (holder && holder.brandId !== brand.brandId) throw numberTaken(holder.organisationId === brand.organisationId);
  if (activeOfBrand && activeOfBrand.phoneNumberId !== phoneNumberId) throw brandConnected();
  if (ofBrand && !claim && !active) throw brandConnected();
}

const numberTaken = (isOwn: boolean) =>
  new ApiError(
    'number_taken',
    isOwn ? 'Another brand of your organisation has this number.' : 'This number is connected elsewhere.',
  );
const brandConnected = () => new ApiError('brand_connected', 'The brand has another number.');

async function subscribe({ accounts, appId, connections }: Deps, { wabaId, accessToken }: Wish, undo: Undo) {
  const apps = requireOk(await accounts.subscribedApps(wabaId, accessToken));
  if (apps.includes(appId)) return { value: undefined, detail: 'Our app was subscribed already.' };
  undo.push(async () => {
    if (!(await connections.activeOfWaba(wabaId))) requireOk(await accounts.unsubscribe(wabaId, accessToken));
  });
  requireOk(await accounts.subscribe(wabaId, accessToken));
  return { value: undefined, detail: 'Our app gets the webhooks of the account.' };
}

type Stored = { arn: string; value: ConnectionSecret };

/** Token and signing secret are one value, so that there is never the one without the other. */
async function storeSecret(
  { secrets, now }: Deps,
  { accessToken }: Wish,
  connectionId: string,
  before: Connection | null,
  undo: Undo,
): Promise<{ value: Stored; detail: string }> {
  const fresh = () => ({ access_token: accessToken, token_set_at: now(), signing_secrets: [newSigningSecret()] });
  let found = await secrets.read(connectionId);
  if (!found) {
    const value = fresh();
    const arn = await secrets.create(connectionId, value);
    if (arn !== null) {
      undo.push(() => secrets.scheduleDeletion(connectionId));
      return { value: { arn, value }, detail: 'In Secrets Manager.' };
    }
    found = await secrets.read(connectionId);
    if (!found) throw new Error('The secret of a connection comes and goes');
  }
  // A connection that was deleted begins anew, its old signing secret with it.
  const isOver = before?.status === 'disconnected';
  if (!isOver && found.value.access_token === accessToken) return { value: found, detail: 'It was there already.' };
  const value = isOver ? fresh() : { ...found.value, access_token: accessToken, token_set_at: now() };
  if (!(await secrets.replace(connectionId, found, value)))
    throw new ApiError('connection_changed', 'Somebody changed the secrets of the connection at the same time.');
  return { value: { arn: found.arn, value }, detail: 'It takes the place of the one before.' };
}

type Facts = {
  connectionId: string;
  before: Connection | null;
  stored: Stored;
  assessed: Assessment;
  number: NumberState;
};

const USUAL = { webhookUrl: null, eventFilter: [...DEFAULT_EVENT_FILTER], defaultOtpTemplate: null };

/** Connection, claims and the line in the audit log, in one transaction. */
async function activate(
  { connections, claims, endpoints, control, changes, now }: Deps,
  wish: Wish,
  { connectionId, before, stored, assessed, number }: Facts,
) {
  const active = before?.status === 'active' ? before : null;
  const standing: Pick<Connection, keyof typeof USUAL> = active ?? USUAL;
  const {
    webhookUrl = standing.webhookUrl,
    eventFilter = standing.eventFilter,
    defaultOtpTemplate = standing.defaultOtpTemplate,
  } = wish;
  const at = now();
  const { token_set_at: setAt = at } = stored.value;
  const connection: Connection = {
    connectionId,
    brandId: wish.brand.brandId,
    organisationId: wish.brand.organisationId,
    status: 'active',
    phoneNumberId: wish.phoneNumberId,
    wabaId: wish.wabaId,
    secretArn: stored.arn,
    webhookUrl,
    eventFilter,
    defaultOtpTemplate,
    limits: active?.limits ?? before?.limits,
    token: { setAt, state: assessed.state, expiresAt: assessed.expiresAt, checkedAt: at },
    number,
    onboardedAt: active?.onboardedAt,
    createdAt: active?.createdAt ?? at,
  };
  const change: Change = {
    ...wish.by,
    action: active ? 'connection.updated' : 'connection.created',
    target: { type: 'connection', id: connectionId },
    brandId: wish.brand.brandId,
    before: active ? connectionSnapshot(active) : null,
    after: connectionSnapshot(connection),
  };
  // Begun again, after a crash or by somebody who saw no answer: nothing is changed by it a second time.
  const isRepeated = active !== null && isSame(active, connection);
  const isMoved = active !== null && webhookUrl !== null && webhookUrl !== active.webhookUrl;
  const enabling = isMoved ? [control.enabling(await endpoints.get(active), true)] : [];
  const writes = [connections.saving(connection, before), ...claims.taking(connection), ...enabling];
  const failed = isRepeated ? [] : await changes.commit(change, writes);
  if (failed.includes(1)) {
    const holder = await claims.get(numberClaim(wish.phoneNumberId));
    throw numberTaken(holder?.organisationId === wish.brand.organisationId);
  }
  if (failed.includes(2)) throw brandConnected();
  if (failed.length > 0) throw new ApiError('connection_changed', 'Somebody changed the connection at the same time.');
  const isNew = active?.onboardedAt === undefined;
  return { value: { connection: isRepeated ? active : connection, isNew }, detail: null };
}

const isSame = (a: Connection, b: Connection): boolean =>
  a.wabaId === b.wabaId &&
  a.webhookUrl === b.webhookUrl &&
  a.defaultOtpTemplate === b.defaultOtpTemplate &&
  a.eventFilter.join() === b.eventFilter.join() &&
  a.token?.setAt === b.token?.setAt &&
  a.token?.state === b.token?.state;
