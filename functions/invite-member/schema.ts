import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { MemberEmail, MemberRole, MemberView } from '../../shared/views/member-view.ts';

export const InviteMemberBody = z.strictObject({ email: MemberEmail, role: MemberRole });
export type InviteMemberBody = z.output<typeof InviteMemberBody>;

export const contract = {
  operationId: 'members.invite',
  tag: 'Organisation',
  summary: 'Invite a person',
  description:
    'They become a member when they first sign in with this address, which they have to verify. Tell them the address of the dashboard: no mail is sent.',
  body: InviteMemberBody,
  isIdempotent: true,
  responses: { 201: { description: 'The invited member.', schema: MemberView } },
  errors: ['member_exists', 'idempotency_key_reused'],
} as const satisfies EndpointContract;
