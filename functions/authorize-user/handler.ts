import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { memberStore } from '../../shared/store/member-store.ts';
import { organisationStore } from '../../shared/store/organisation-store.ts';
import { authorizeUser } from './authorize-user.ts';
import { remoteKeys, verifyTokenWith } from './verify-token.ts';

const env = readEnv('MEMBERS_TABLE_NAME', 'ORGANISATIONS_TABLE_NAME', 'OIDC_ISSUER', 'OIDC_JWKS_URL', 'OIDC_CLIENT_ID');
const client = documentClient();

const authorize = authorizeUser({
  verify: verifyTokenWith(remoteKeys(env.OIDC_JWKS_URL), { issuer: env.OIDC_ISSUER, clientId: env.OIDC_CLIENT_ID }),
  members: memberStore(client, env.MEMBERS_TABLE_NAME),
  organisations: organisationStore(client, env.ORGANISATIONS_TABLE_NAME),
});

export const handler = async (event: APIGatewayRequestAuthorizerEvent) => {
  const authorization = Object.entries(event.headers ?? {}).find(([name]) => name.toLowerCase() === 'authorization');
  return authorize({ methodArn: event.methodArn, authorization: authorization?.[1] });
};
