import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { signingKeyOf } from '../../shared/secrets.ts';
import { memberStore } from '../../shared/store/member-store.ts';
import { listMembers } from './list-members.ts';
import { contract } from './schema.ts';

const env = readEnv('MEMBERS_TABLE_NAME', 'REQUEST_SIGNING_SECRET_ARN', 'ERROR_DOCS_URL');

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  listMembers({
    members: memberStore(documentClient(), env.MEMBERS_TABLE_NAME),
    cursorKey: signingKeyOf(env.REQUEST_SIGNING_SECRET_ARN),
  }),
);
