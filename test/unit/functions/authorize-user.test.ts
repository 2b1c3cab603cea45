import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  type CryptoKey,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTVerifyGetKey,
  SignJWT,
} from 'jose';
import { authorizeUser } from '../../../functions/authorize-user/authorize-user.ts';
import { verifyTokenWith } from '../../../functions/authorize-user/verify-token.ts';
import { isDashboardRoute, ROUTES } from '../../../shared/routes.ts';
import type { Member } from '../../../shared/store/member-store.ts';
import type { Organisation } from '../../../shared/store/organisation-store.ts';

const ISSUER = 'https://issuer.example';
const METHOD_ARN = 'arn:aws:execute-api:eu-central-1:111111111111:abc/api/GET/v1/me';
const member: Member = {
  ...{ memberId: 'mem_1', organisationId: 'org_1', email: 'ann@acme.example', role: 'developer', status: 'active' },
  ...{ userId: 'sub-1', invitedAt: 0, joinedAt: 0 },
};
const organisation: Organisation = { organisationId: 'org_1', name: 'Acme', status: 'active', owners: 1, createdAt: 0 };

let key: CryptoKey;
let strangersKey: CryptoKey;
let keys: JWTVerifyGetKey;
beforeAll(async () => {
  const pair = await generateKeyPair('RS256');
  key = pair.privateKey;
  strangersKey = (await generateKeyPair('RS256')).privateKey;
  const jwk: JWK = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
  keys = createLocalJWKSet({ keys: [jwk] });
});

const CLAIMS = { sub: 'sub-1', client_id: 'dashboard', token_use: 'access', member_id: 'mem_1' };
const HOUR = 3600;
const tokenWith = (
  claims: Record<string, unknown> = {},
  {
    by = key,
    kid = 'k1',
    issuer = ISSUER,
    seconds = HOUR,
  }: { by?: CryptoKey; kid?: string; issuer?: string; seconds?: number } = {},
) =>
  new SignJWT({ ...CLAIMS, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid })
    .setIssuer(issuer)
    .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
    .sign(by);

const authorizer = (found: Member | null = member, its: Organisation | null = organisation, by = keys) =>
  authorizeUser({
    verify: verifyTokenWith(by, { issuer: ISSUER, clientId: 'dashboard' }),
    members: { get: async (id) => (id === 'mem_1' ? found : null) },
    organisations: { get: async () => its },
  });
const ask = async (token: string | undefined, authorize = authorizer()) =>
  authorize({ methodArn: METHOD_ARN, authorization: token === undefined ? undefined : `Bearer ${token}` });
const effectOf = async (answer: ReturnType<typeof ask>) => {
  const [statement] = (await answer).policyDocument.Statement;
  return statement?.Effect;
};

test('answers with every route of the role and no other, and says who it is', async () => {
  const answer = await ask(await tokenWith());
  expect(answer.context).toMatchObject({ member_id: 'mem_1', organisation_id: 'org_1', role: 'developer' });
  const [statement] = answer.policyDocument.Statement as unknown as [{ Resource: string[] }];
  const allowed = ROUTES.filter(isDashboardRoute).filter(({ auth }) => auth.kind === 'user' && auth.role !== 'owner');
  expect(statement.Resource).toEqual(
    allowed.map(
      ({ method, path }) => `${METHOD_ARN.split('/', 2).join('/')}/${method}${path.replaceAll(/\{\w+\}/g, '*')}`,
    ),
  );
  // The gateway takes 8 KB.
  expect(JSON.stringify(answer).length).toBeLessThan(8000);
});

describe('is not authorized', () => {
  test.each<[string, () => Promise<string | undefined>]>([
    ['without a token', async () => undefined],
    ['with something else', async () => 'qxs_abc'],
    ['with a token of another issuer', () => tokenWith({}, { issuer: 'https://other.example' })],
    ['with a token for another client', () => tokenWith({ client_id: 'other' })],
    ['with an id token', () => tokenWith({ token_use: 'id' })],
    ['with a token that is over', () => tokenWith({}, { seconds: -60 })],
    ['with a token that a stranger signed', () => tokenWith({}, { by: strangersKey })],
    ['with a key nobody knows', () => tokenWith({}, { kid: 'k2' })],
    [
      'with a token that is not signed',
      async () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await tokenWith()).split('.')[1]}.e30`,
    ],
  ])('%s', async (_name, token) => {
    await expect(ask(await token())).rejects.toThrow(/^Unauthorized$/);
  });
});

describe('is refused everywhere, and not sent to sign in again', () => {
  test.each<[string, Member | null, Organisation | null, Record<string, unknown>]>([
    ['nobody’s member', null, organisation, { member_id: undefined }],
    ['who was removed', null, organisation, {}],
    ['who is only invited', { ...member, status: 'invited', userId: null }, organisation, {}],
    ['with the address, but somebody else', member, organisation, { sub: 'sub-2' }],
    ['of a suspended organisation', member, { ...organisation, status: 'suspended' }, {}],
    ['of an organisation that is gone', member, null, {}],
  ])('%s', async (_name, found, its, claims) => {
    expect(await effectOf(ask(await tokenWith(claims), authorizer(found, its)))).toBe('Deny');
  });
});

test('fails closed, and not as if the token were wrong, when the keys cannot be fetched', async () => {
  const unreachable: JWTVerifyGetKey = async () => {
    throw new TypeError('fetch failed');
  };
  await expect(ask(await tokenWith(), authorizer(member, organisation, unreachable))).rejects.toThrow('fetch failed');
});
