import { changeLog } from '../../shared/audit/change-log.ts';
import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { memberStore } from '../../shared/store/member-store.ts';
import { organisationStore } from '../../shared/store/organisation-store.ts';
import { contract } from './schema.ts';
import { updateMember } from './update-member.ts';

const env = readEnv('AUDIT_LOG_TABLE_NAME', 'MEMBERS_TABLE_NAME', 'ORGANISATIONS_TABLE_NAME', 'ERROR_DOCS_URL');
const client = documentClient();

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  updateMember({
    members: memberStore(client, env.MEMBERS_TABLE_NAME),
    organisations: organisationStore(client, env.ORGANISATIONS_TABLE_NAME),
    changes: changeLog(client, env.AUDIT_LOG_TABLE_NAME, Date.now),
  }),
);
