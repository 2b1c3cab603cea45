import type { EndpointContract } from '../../shared/http/contract.ts';
import { MemberParams, MemberView } from '../../shared/views/member-view.ts';

export const contract = {
  operationId: 'members.remove',
  tag: 'Organisation',
  summary: 'Remove a member',
  description:
    'They are out within 60 seconds, or their invitation is taken back. The last owner stays. What they did stays in the audit log; keys they minted go on.',
  params: MemberParams,
  responses: { 200: { description: 'The member as they were.', schema: MemberView } },
  errors: ['member_not_found', 'last_owner', 'conflict'],
} as const satisfies EndpointContract;
