import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { Member } from '../../../shared/store/member-store.ts';
import type { Clock } from '../../clock.ts';
import { type Identity, startIdentity } from '../../identity/server.ts';
import { functionNameOf, type Lambda } from '../../lambda/lambda.ts';
import type { Deployment } from '../deployment.ts';

type Options = {
  lambda: Lambda;
  clock: Clock;
  port: number;
  siteUrl: string;
  stateDir: string;
  database: DatabaseSync;
  awsUrl: string;
  region: string;
  membersTable: string | undefined;
};

/** What a trigger of version 2 answers: only the claims are of interest. */
const Triggered = z.looseObject({
  response: z
    .looseObject({
      claimsAndScopeOverrideDetails: z
        .looseObject({
          accessTokenGeneration: z.looseObject({ claimsToAddOrOverride: z.record(z.string(), z.string()) }).optional(),
        })
        .nullish(),
    })
    .optional(),
});

/** Starts the local identity provider where the templates have a user pool; it asks the pool's own function for claims. */
export async function provisionIdentity(deployment: Deployment, options: Options): Promise<Identity | undefined> {
  const [pool] = deployment.of('AWS::Cognito::UserPool');
  const [client] = deployment.of('AWS::Cognito::UserPoolClient');
  if (!pool || !client) return undefined;
  const trigger = pool.properties.LambdaConfig?.PreTokenGenerationConfig.LambdaArn;
  const { lambda, clock, port, siteUrl, stateDir, database } = options;

  const claimsOf = async ({ sub, email }: { sub: string; email: string }): Promise<Record<string, string>> => {
    if (trigger === undefined) return {};
    const result = await lambda.invoke(functionNameOf(trigger), tokenEvent(pool.ref, client.ref, sub, email));
    if ('error' in result) throw new Error(`${functionNameOf(trigger)} failed: ${result.error.errorMessage}`);
    const { response } = Triggered.parse(result.payload);
    return response?.claimsAndScopeOverrideDetails?.accessTokenGeneration?.claimsToAddOrOverride ?? {};
  };
  return startIdentity({
    ...{ port, siteUrl, database, claimsOf, clientId: client.ref, now: () => clock.now() },
    keysFile: path.join(stateDir, 'identity-keys.json'),
    people: () => members(options),
  });
}

/** https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html */
const tokenEvent = (userPoolId: string, clientId: string, sub: string, email: string) => ({
  version: '2',
  triggerSource: 'TokenGeneration_HostedAuth',
  region: userPoolId.split('_')[0],
  userPoolId,
  userName: sub,
  callerContext: { awsSdkVersion: 'local', clientId },
  request: {
    userAttributes: { sub, email, email_verified: 'true' },
    groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [], preferredRole: null },
    scopes: ['openid', 'email', 'profile'],
  },
  response: { claimsAndScopeOverrideDetails: null },
});

/** Everybody who could sign in: members and invited ones of all organisations. */
async function members({ awsUrl: endpoint, region, membersTable }: Options) {
  const credentials = { accessKeyId: 'local-admin', secretAccessKey: 'local' };
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region, credentials }));
  try {
    const { Items = [] } = await client.send(new ScanCommand({ TableName: membersTable }));
    return Items.map((item) => Member.parse(item))
      .sort((a, b) => a.invitedAt - b.invitedAt)
      .map(({ email, role, status }) => ({ email, role: status === 'invited' ? `${role}, invited` : role }));
  } finally {
    client.destroy();
  }
}
