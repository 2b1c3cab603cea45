import { changeLog } from '../../shared/audit/change-log.ts';
import { flushAuthorizerCache, restApiIds } from '../../shared/authorizer-cache.ts';
import { toIso } from '../../shared/clock.ts';
import { memberId, newId } from '../../shared/ids.ts';
import { PUBLIC_ROOT } from '../../shared/routes.ts';
import type { Actor } from '../../shared/store/audit-store.ts';
import { memberStore } from '../../shared/store/member-store.ts';
import { metaUpdateStore } from '../../shared/store/meta-update-store.ts';
import { organisationStore } from '../../shared/store/organisation-store.ts';
import type { Place } from './place.ts';
import { setKeysSuspended } from './suspension.ts';

type Command = {
  usage: string;
  what: string;
  run: (place: Place, by: string, args: string[]) => Promise<unknown>;
};

const storesOf = ({ client, table }: Place) => ({
  organisations: organisationStore(client, table('organisations')),
  members: memberStore(client, table('members')),
  changes: changeLog(client, table('audit-log'), Date.now),
});

/** Who does it, and by which command, in the place of a request id. */
const byPlatform = (by: string, command: string, organisationId: string) => ({
  organisationId,
  actor: { kind: 'platform', id: by } satisfies Actor as Actor,
  requestId: `admin ${command} ${toIso(Date.now())}`,
});

/** @throws for an id that nobody has */
async function requireOrganisation(place: Place, organisationId: string) {
  const found = await storesOf(place).organisations.get(organisationId);
  if (!found) throw new Error(`There is no organisation ${organisationId}`);
  return found;
}

async function createOrganisation(place: Place, by: string, [name = '', owner = '']: string[]) {
  const { organisations, members, changes } = storesOf(place);
  const now = Date.now();
  const organisationId = newId('org', now);
  const failed = await changes.commit(
    {
      ...byPlatform(by, 'organisation create', organisationId),
      action: 'organisation.created',
      target: { type: 'organisation', id: organisationId },
      before: null,
      after: { name, owner: owner.toLowerCase() },
    },
    [
      organisations.inserting({ organisationId, name, status: 'active', owners: 0, createdAt: now }),
      members.inserting(invitedOwner(organisationId, owner, now)),
    ],
  );
  if (failed.length > 0) throw new Error(`${owner} is a member already, or is invited: a person has one organisation`);
  return { organisation_id: organisationId, name, owner: owner.toLowerCase(), status: 'invited' };
}

function invitedOwner(organisationId: string, address: string, now: number) {
  const email = address.toLowerCase();
  if (!/^\S+@\S+\.\S+$/.test(email)) throw new Error(`${address} is not an address`);
  return {
    ...{ memberId: memberId(email), organisationId, email, role: 'owner' as const },
    ...{ status: 'invited' as const, userId: null, invitedAt: now, joinedAt: null },
  };
}

async function inviteOwner(place: Place, by: string, [organisationId = '', owner = '']: string[]) {
  await requireOrganisation(place, organisationId);
  const { members, changes } = storesOf(place);
  const member = invitedOwner(organisationId, owner, Date.now());
  const failed = await changes.commit(
    {
      ...byPlatform(by, 'owner invite', organisationId),
      action: 'member.invited',
      target: { type: 'member', id: member.memberId },
      before: null,
      after: { email: member.email, role: 'owner' },
    },
    [members.inserting(member)],
  );
  if (failed.length > 0) throw new Error(`${owner} is a member already, or is invited: a person has one organisation`);
  return { member_id: member.memberId, email: member.email, role: 'owner', status: 'invited' };
}

/** The row first: from then on nobody gets in and no key is minted. Then every key, then what the gateways remember. */
async function setStatus(place: Place, by: string, organisationId: string, to: 'active' | 'suspended') {
  const before = await requireOrganisation(place, organisationId);
  const { organisations, changes } = storesOf(place);
  if (before.status !== to) {
    await changes.commit(
      {
        ...byPlatform(by, to === 'active' ? 'unsuspend' : 'suspend', organisationId),
        action: to === 'active' ? 'organisation.unsuspended' : 'organisation.suspended',
        target: { type: 'organisation', id: organisationId },
        before: { status: before.status },
        after: { status: to },
      },
      [organisations.settingStatus(organisationId, before.status, to)],
    );
  }
  // Also when it was so already: the first call may have been stopped half-way.
  const keys = await setKeysSuspended(place, organisationId, to === 'suspended');
  const flushed = await flush(place);
  return { organisation_id: organisationId, status: to, keys, ...flushed };
}

/** Both gateways forget at once what they remember of keys and people. */
async function flush({ client, stage }: Place) {
  const names = [`quixess-${stage}-api`, `quixess-${stage}-dashboard-api`];
  const ids = await restApiIds(client);
  const found = names.flatMap((name) => ids.get(name) ?? []);
  if (found.length < names.length) throw new Error(`Not all of ${names.join(', ')} are there, or you may not see them`);
  for (const id of found) await flushAuthorizerCache(client, id, PUBLIC_ROOT.slice(1));
  return { flushed: names };
}

/** Numbers and WABAs Meta tells of that no brand has, the busiest first. */
async function unknownNumbers({ client, table }: Place) {
  const byOwner = new Map<string, { updates: number; first_at: number; last_at: number; about: Set<string> }>();
  for await (const { owner, about, keptAt } of metaUpdateStore(client, table('meta-updates')).unrouted(Date.now())) {
    const known = byOwner.get(owner) ?? { updates: 0, first_at: keptAt, last_at: keptAt, about: new Set() };
    known.updates += 1;
    known.first_at = Math.min(known.first_at, keptAt);
    known.last_at = Math.max(known.last_at, keptAt);
    known.about.add(about);
    byOwner.set(owner, known);
  }
  return [...byOwner]
    .map(([owner, { about, first_at, last_at, updates }]) => ({
      ...{ owner, updates, first_at: toIso(first_at), last_at: toIso(last_at) },
      about: [...about].sort(),
    }))
    .sort((a, b) => b.updates - a.updates);
}

export const COMMANDS: Readonly<Record<string, Command>> = {
  'organisation create': {
    usage: 'organisation create <name> <owner@address>',
    what: 'a new organisation, its owner invited',
    run: createOrganisation,
  },
  'owner invite': {
    usage: 'owner invite <org_id> <owner@address>',
    what: 'one more owner, e.g. when the only one is lost',
    run: inviteOwner,
  },
  suspend: {
    usage: 'suspend <org_id>',
    what: 'neither its people nor its keys get in, at once',
    run: (place, by, [id = '']) => setStatus(place, by, id, 'suspended'),
  },
  unsuspend: {
    usage: 'unsuspend <org_id>',
    what: 'they get in again',
    run: (place, by, [id = '']) => setStatus(place, by, id, 'active'),
  },
  'flush-authorizer-cache': {
    usage: 'flush-authorizer-cache',
    what: 'changes of keys and roles hold at once',
    run: (place) => flush(place),
  },
  'unknown-numbers': {
    usage: 'unknown-numbers',
    what: 'what Meta tells of numbers that no brand has',
    run: (place) => unknownNumbers(place),
  },
};
