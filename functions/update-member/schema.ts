import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { MemberParams, MemberRole, MemberView } from '../../shared/views/member-view.ts';

export const UpdateMemberBody = z.strictObject({ role: MemberRole });
export type UpdateMemberBody = z.output<typeof UpdateMemberBody>;

export const contract = {
  operationId: 'members.update',
  tag: 'Organisation',
  summary: "Change a member's role",
  description: 'Holds within 60 seconds. The last owner stays one.',
  params: MemberParams,
  body: UpdateMemberBody,
  responses: { 200: { description: 'The member as they are now.', schema: MemberView } },
  errors: ['member_not_found', 'last_owner', 'conflict'],
} as const satisfies EndpointContract;
