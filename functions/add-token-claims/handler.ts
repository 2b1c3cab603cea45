import type { Context } from 'aws-lambda';
import { changeLog } from '../../shared/audit/change-log.ts';
import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { memberStore } from '../../shared/store/member-store.ts';
import { organisationStore } from '../../shared/store/organisation-store.ts';
import { addTokenClaims, TokenRequest } from './add-token-claims.ts';

const env = readEnv('AUDIT_LOG_TABLE_NAME', 'MEMBERS_TABLE_NAME', 'ORGANISATIONS_TABLE_NAME');
const client = documentClient();

const addClaims = addTokenClaims({
  members: memberStore(client, env.MEMBERS_TABLE_NAME),
  organisations: organisationStore(client, env.ORGANISATIONS_TABLE_NAME),
  changes: changeLog(client, env.AUDIT_LOG_TABLE_NAME, Date.now),
  now: Date.now,
});

export const handler = (event: unknown, context: Context) => addClaims(TokenRequest.parse(event), context.awsRequestId);
