import { createApi } from '../api/client.ts';
import { newest } from '../api/newest.ts';
import type { Brand, Me } from '../api/types.ts';
import { loadConfig } from '../config.ts';
import { type Auth, createAuth } from './oidc.ts';
import type { Session } from './session.tsx';

export type Start =
  | { kind: 'starting' }
  | { kind: 'signed-out'; auth: Auth }
  | { kind: 'signed-in'; session: Session }
  | { kind: 'broken'; error: unknown; auth?: Auth };

const ALL = Number.POSITIVE_INFINITY;

/** From an address to a person and their brands. */
export async function start(): Promise<Start> {
  let auth: Auth | undefined;
  try {
    const config = await loadConfig();
    auth = createAuth(config);
    if (location.pathname === `${import.meta.env.BASE_URL}callback`) {
      const returnTo = await auth.finishSignIn();
      history.replaceState(null, '', returnTo);
    }
    if ((await auth.getToken()) === null) return { kind: 'signed-out', auth };
    const { getToken, signIn } = auth;
    const api = createApi({
      base: config.api_base,
      getToken,
      onSignedOut: () => void signIn(location.pathname + location.search),
    });
    const [me, brands] = await Promise.all([
      api.get<Me>('/me'),
      // An address may name any.
      newest<Brand>(api, '/brands', {}, ALL, undefined, ALL),
    ]);
    return { kind: 'signed-in', session: { me, brands: brands.rows, api, auth, config } };
  } catch (error) {
    return auth ? { kind: 'broken', error, auth } : { kind: 'broken', error };
  }
}
