import type { EndpointContract } from '../../shared/http/contract.ts';
import { PageQuery } from '../../shared/http/fields.ts';
import { pageOf } from '../../shared/http/page.ts';
import { MemberView } from '../../shared/views/member-view.ts';

export const MembersPage = pageOf('MembersPage', MemberView);

export const contract = {
  operationId: 'members.list',
  tag: 'Organisation',
  summary: 'List members',
  description: 'The people of your organisation and those who are invited, the latest first.',
  query: PageQuery,
  responses: { 200: { description: 'A page of members.', schema: MembersPage } },
  errors: ['invalid_cursor'],
} as const satisfies EndpointContract;
