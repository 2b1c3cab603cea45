/** What a person may do in their organisation, least first: each role may do what the ones before it may. */
export const ROLES = ['viewer', 'developer', 'owner'] as const;

export type Role = (typeof ROLES)[number];

export const isAtLeast = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed);
