import * as z from 'zod';
import { arn, type Identity, implemented } from '../resource-type.ts';

const ignored = z.unknown().optional();

/** `<region>_<id>`, as Cognito makes them. */
const poolId = ({ region, name }: Identity): string => `${region}_${name.replace(/[^a-z\d]/gi, '')}`;
const providerName = (identity: Identity): string => `cognito-idp.${identity.region}.amazonaws.com/${poolId(identity)}`;

// The local identity provider (local/identity) takes the place of pool, client and domain: of their settings it has the
// client's id and the function that is asked before tokens are signed.

export const UserPool = implemented({
  nameProperty: 'UserPoolName',
  ref: poolId,
  attributes: {
    Arn: (identity) => arn(identity, 'cognito-idp', `userpool/${poolId(identity)}`),
    UserPoolId: poolId,
    ProviderName: providerName,
    ProviderURL: (identity) => identity.identityUrl ?? `https://${providerName(identity)}`,
  },
  properties: z.object({
    UserPoolName: z.string().optional(),
    LambdaConfig: z
      .strictObject({
        PreTokenGenerationConfig: z.strictObject({ LambdaArn: z.string(), LambdaVersion: z.literal('V2_0') }),
      })
      .optional(),
  }),
});

export const UserPoolClient = implemented({
  nameProperty: 'ClientName',
  ref: ({ name }) => name,
  attributes: { ClientId: ({ name }) => name },
  properties: z.object({
    ClientName: z.string().optional(),
    UserPoolId: z.string(),
    /** The provider is for browsers: authorization code and PKCE, no secret. */
    GenerateSecret: z.literal(false).optional(),
    AllowedOAuthFlows: z.tuple([z.literal('code')]),
    AllowedOAuthScopes: z.array(z.string()),
  }),
});

export const UserPoolDomain = implemented({
  nameProperty: 'Domain',
  ref: ({ name }) => name,
  attributes: { CloudFrontDistribution: ({ name }) => `${name}.cloudfront.net` },
  properties: z.strictObject({ Domain: z.string(), UserPoolId: z.string(), ManagedLoginVersion: ignored }),
});
