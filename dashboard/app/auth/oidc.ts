import { UserManager, WebStorageStateStore } from 'oidc-client-ts';
import type { AppConfig } from '../config.ts';

/** Where a person was when they were sent to sign in. */
type Left = { returnTo: string };

/**
 * Signs people in at any OpenID provider: code with PKCE, tokens in this tab's session storage, renewed by refresh
 * token before they end.
 */
export function createAuth({ authority, client_id }: AppConfig) {
  const home = new URL(import.meta.env.BASE_URL, location.origin).href.replace(/\/$/, '');
  const store = new WebStorageStateStore({ store: sessionStorage, prefix: 'oidc.' });
  const manager = new UserManager({
    authority,
    client_id,
    redirect_uri: `${home}/callback`,
    post_logout_redirect_uri: home,
    response_type: 'code',
    scope: 'openid email profile',
    userStore: store,
    stateStore: store,
    automaticSilentRenew: true,
    loadUserInfo: false,
    monitorSession: false,
  });

  return {
    manager,

    /** The access token of now; null for nobody. The one place where it is read: a cookie could take its place here. */
    async getToken(): Promise<string | null> {
      const user = await manager.getUser();
      if (!user) return null;
      if (!user.expired) return user.access_token;
      const renewed = user.refresh_token ? await manager.signinSilent().catch(() => null) : null;
      return renewed?.access_token ?? null;
    },

    signIn: (returnTo: string): Promise<void> => manager.signinRedirect({ state: { returnTo } satisfies Left }),

    /** @returns where the person was going to */
    async finishSignIn(): Promise<string> {
      const { state } = await manager.signinCallback().then((user) => user ?? { state: undefined });
      const { returnTo } = (state ?? {}) as Partial<Left>;
      // Only ever a path of ours.
      return returnTo?.startsWith(`${import.meta.env.BASE_URL}`) ? returnTo : import.meta.env.BASE_URL;
    },

    /** Ends the session here and at the provider. Cognito has its own form of it ("Logout endpoint"). */
    async signOut(): Promise<void> {
      if (!isCognito(authority)) return manager.signoutRedirect();
      const { authorization_endpoint } = await manager.metadataService.getMetadata();
      await manager.removeUser();
      const logout = new URL('/logout', authorization_endpoint);
      logout.search = new URLSearchParams({ client_id, logout_uri: home }).toString();
      location.assign(logout);
    },
  };
}
export type Auth = ReturnType<typeof createAuth>;

const isCognito = (authority: string): boolean => /^cognito-idp\./.test(new URL(authority).hostname);
