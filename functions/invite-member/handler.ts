import { CREATE_VARIABLES, creatingWith } from '../../shared/audit/wiring.ts';
import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { memberStore } from '../../shared/store/member-store.ts';
import { inviteMember } from './invite-member.ts';
import { contract } from './schema.ts';

const env = readEnv('MEMBERS_TABLE_NAME', 'ERROR_DOCS_URL', ...CREATE_VARIABLES);
const client = documentClient();

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  inviteMember({
    members: memberStore(client, env.MEMBERS_TABLE_NAME),
    create: creatingWith(env, client),
    now: Date.now,
  }),
);
