import * as z from 'zod';
import { toIso } from '../clock.ts';
import { ROLES } from '../roles.ts';
import type { Member } from '../store/member-store.ts';

const time = z.iso.datetime();

export const MemberEmail = z
  .email('This is not an address.')
  .max(254)
  .transform((email) => email.toLowerCase())
  .meta({ description: 'Their address, with which they sign in.', example: 'ann@acme.example' });

export const MemberRole = z.enum(ROLES).meta({
  description:
    'viewer: sees everything. developer: keys, templates, replays too. owner: brands, connections, people too.',
  example: 'developer',
});

export const MemberView = z
  .object({
    id: z.string().meta({ description: 'Id of the member.', example: 'mem_5f1d7a84db00d2fce00b31a7fc73224f' }),
    email: z.string().meta({ description: 'Their address.', example: 'ann@acme.example' }),
    role: MemberRole,
    status: z.enum(['invited', 'active']).meta({ description: 'invited: has not signed in yet.', example: 'active' }),
    invited_at: time.meta({ description: 'When they were invited.', example: '2026-11-22T10:30:00.000Z' }),
    joined_at: time
      .nullable()
      .meta({ description: 'When they first signed in; null before.', example: '2026-11-22T10:35:00.000Z' }),
  })
  .meta({ id: 'Member', description: 'A person of your organisation.' });

export const memberView = (member: Member): z.input<typeof MemberView> => ({
  id: member.memberId,
  email: member.email,
  role: member.role,
  status: member.status,
  invited_at: toIso(member.invitedAt),
  joined_at: member.joinedAt === null ? null : toIso(member.joinedAt),
});

export const MemberParams = z.object({
  id: z.string().meta({ description: 'Id of the member.', example: 'mem_5f1d7a84db00d2fce00b31a7fc73224f' }),
});
export type MemberParams = z.output<typeof MemberParams>;
