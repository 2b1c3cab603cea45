import { createServer } from 'node:http';
import type { DatabaseSync } from 'node:sqlite';
import { importJWK, type JWK, SignJWT } from 'jose';
import type { ProviderContext } from 'oidc-provider';
import { HOST, listen } from '../ports.ts';
import { accountOf, emailOf } from './accounts.ts';
import { identityAdapter } from './adapter.ts';
import { identityKeys, type Keys } from './keys.ts';
import { isSignIn, type Person, signIn, signInUrl } from './sign-in-page.ts';

/** As of the client in the template. */
const SCOPES = ['openid', 'email', 'profile'];
/** Seconds; as the user pool's client has it. */
const ACCESS_TOKEN_LIFE = 60 * 60;
const SESSION_LIFE = 14 * 24 * 60 * 60;

export type IdentityOptions = {
  /** Not 0: the issuer is known before anything listens. */
  port: number;
  clientId: string;
  /** Origin of the dashboard. */
  siteUrl: string;
  keysFile: string;
  database: DatabaseSync;
  /** Whom the page lists. */
  people: () => Promise<Person[]>;
  /** What is asked before tokens are signed: the function behind the user pool. */
  claimsOf: (account: { sub: string; email: string }) => Promise<Record<string, string>>;
  /** Virtual time, epoch milliseconds: functions compare with it. */
  now: () => number;
};

export type Identity = {
  issuer: string;
  clientId: string;
  /** An access token for scripts and tests, without a browser. */
  tokenFor(email: string): Promise<string>;
  stop(): Promise<void>;
};

export const issuerAt = (port: number): string => `http://${HOST}:${port}`;

/**
 * The identity provider of the local stack, in the place of Cognito: code and PKCE, tokens with the same claims, and a
 * sign-in without passwords. It listens on loopback, and nowhere but in the local stack.
 */
export async function startIdentity(options: IdentityOptions): Promise<Identity> {
  if (process.env.AWS_LAMBDA_FUNCTION_NAME !== undefined || process.env.NODE_ENV === 'production') {
    throw new Error('The identity provider without passwords is for the local stack alone');
  }
  const { port, clientId, keysFile, people, claimsOf, now } = options;
  const issuer = issuerAt(port);
  const keys = identityKeys(keysFile);
  // Imported late: it brings a web framework.
  const { default: Provider } = await import('oidc-provider');
  const provider = new Provider(issuer, configuration(options, keys));
  provider.on('server_error', (_context, error) => console.error('identity provider:', error));

  const callback = provider.callback();
  const server = createServer((request, response) => {
    const handled = isSignIn(request) ? signIn(provider, people, request, response) : callback(request, response);
    handled.catch((error: Error) => {
      // An interaction of before a restart, or one that was finished in another tab.
      if (!response.headersSent) response.writeHead(400, { 'Content-Type': 'text/plain' });
      response.end(`${error.message}. Go back to the dashboard and sign in again.\n`);
    });
  });
  await listen(server, port);
  const signingKey = await importJWK(keys.signing as JWK, 'RS256');
  return {
    issuer,
    clientId,
    async tokenFor(email) {
      const sub = accountOf(email);
      const at = Math.floor(now() / 1000);
      const claims = {
        ...(await claimsOf({ sub, email: email.toLowerCase() })),
        token_use: 'access',
        client_id: clientId,
      };
      return new SignJWT({ ...claims, scope: SCOPES.join(' ') })
        .setProtectedHeader({ alg: 'RS256', kid: keys.signing.kid, typ: 'at+jwt' })
        .setIssuer(issuer)
        .setSubject(sub)
        .setIssuedAt(at)
        .setExpirationTime(at + ACCESS_TOKEN_LIFE)
        .sign(signingKey);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function configuration(options: IdentityOptions, keys: Keys): Record<string, unknown> {
  const { clientId, siteUrl, claimsOf, now, database } = options;
  /** What access tokens are for; with an audience they are JWTs, as Cognito's are. */
  const resource = `${siteUrl}/api`;
  const scope = SCOPES.join(' ');
  return {
    adapter: identityAdapter(database),
    clients: [
      {
        client_id: clientId,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: [`${siteUrl}/app/callback`],
        post_logout_redirect_uris: [`${siteUrl}/app`],
        scope,
      },
    ],
    scopes: SCOPES,
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'role', 'organisation_id'] },
    // Also without a second question for what is in the scopes.
    conformIdTokenClaims: false,
    jwks: { keys: [keys.signing] },
    // Where Cognito has them.
    routes: { jwks: '/.well-known/jwks.json' },
    cookies: { keys: [keys.cookies] },
    clientBasedCORS: () => true,
    pkce: { required: () => true },
    issueRefreshToken: () => true,
    rotateRefreshToken: false,
    ttl: {
      AccessToken: ACCESS_TOKEN_LIFE,
      AuthorizationCode: 60,
      Grant: SESSION_LIFE,
      IdToken: ACCESS_TOKEN_LIFE,
      Interaction: 60 * 60,
      RefreshToken: SESSION_LIFE,
      Session: SESSION_LIFE,
    },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => signInUrl(uid) },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: true, logoutSource, postLogoutSuccessSource },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope,
          audience: resource,
          accessTokenTTL: ACCESS_TOKEN_LIFE,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    async findAccount(_context: unknown, accountId: string) {
      const email = emailOf(accountId);
      const claims = async () => ({
        ...(await claimsOf({ sub: accountId, email })),
        ...{ sub: accountId, email, email_verified: true, name: email },
      });
      return { accountId, claims };
    },
    async extraTokenClaims(_context: unknown, { accountId }: { accountId?: string }) {
      if (accountId === undefined) return undefined;
      return { ...(await claimsOf({ sub: accountId, email: emailOf(accountId) })), token_use: 'access' };
    },
    // Functions live in virtual time.
    formats: {
      customizers: {
        jwt(_context: unknown, _token: unknown, { payload }: { payload: { iat: number; exp: number } }) {
          payload.iat = Math.floor(now() / 1000);
          payload.exp = payload.iat + ACCESS_TOKEN_LIFE;
        },
      },
    },
    // The app is ours: nobody is asked whether it may.
    async loadExistingGrant({ oidc }: ProviderContext) {
      const { client, session, provider } = oidc;
      const known = session.grantIdFor(client.clientId);
      const kept = known === undefined ? undefined : await provider.Grant.find(known);
      if (kept) return kept;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope(scope);
      grant.addResourceScope(resource, scope);
      await grant.save();
      return grant;
    },
  };
}

/** Signs out without asking: who pressed the button in the dashboard has been asked. */
function logoutSource(context: { body: string }, form: string): void {
  context.body = `<!doctype html><title>Signing out</title>${form}<script>
const form = document.forms[0]; const yes = document.createElement('input');
yes.type = 'hidden'; yes.name = 'logout'; yes.value = 'yes'; form.append(yes); form.submit();</script>`;
}

function postLogoutSuccessSource(context: { body: string }): void {
  context.body = '<!doctype html><title>Signed out</title><p>You are signed out of the local stack.</p>';
}
