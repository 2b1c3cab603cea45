import { createContext, type ReactNode, useContext } from 'react';
import { isAtLeast, type Role } from '../../../shared/roles.ts';
import type { Api } from '../api/client.ts';
import type { Brand, Me } from '../api/types.ts';
import type { AppConfig } from '../config.ts';
import type { Auth } from './oidc.ts';

export type Session = { me: Me; brands: Brand[]; api: Api; auth: Auth; config: AppConfig };

const SessionContext = createContext<Session | null>(null);

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('Nobody is signed in here');
  return session;
}

export const useApi = (): Api => useSession().api;

/** Why this person may not do what needs the role; undefined where they may. The API decides again. */
export function useRefusal(needed: Role): string | undefined {
  const { role } = useSession().me;
  if (isAtLeast(role, needed)) return undefined;
  return `You are a ${role}. This takes the role ${needed}: ask an owner of your organisation.`;
}
