import * as z from 'zod';
import { type Identity, implemented } from '../resource-type.ts';

const ignored = z.unknown().optional();
const texts = z.record(z.string(), z.string());
const self = { ref: ({ logicalId }: Identity) => logicalId, attributes: {} };

export const RestApi = implemented({
  nameProperty: 'Name',
  // API Gateway makes ids of ten letters and digits; a telling one reads better in ARNs and logs.
  ref: ({ name }) => name.replace(/[^a-z\d]/gi, '').toLowerCase(),
  attributes: {
    RestApiId: ({ name }) => name.replace(/[^a-z\d]/gi, '').toLowerCase(),
    RootResourceId: ({ logicalId }) => `${logicalId}/root`,
  },
  properties: z.strictObject({
    Name: z.string(),
    Description: ignored,
    BinaryMediaTypes: z.array(z.string()).default([]),
    // Where and with which certificate the API is served, and who may skip WAF: matters of the deployed API's edge.
    EndpointConfiguration: ignored,
    DisableExecuteApiEndpoint: z.literal(false).optional(),
    SecurityPolicy: ignored,
    EndpointAccessMode: ignored,
    ApiKeySourceType: ignored,
    Tags: ignored,
  }),
});

export const ApiResource = implemented({
  ...self,
  attributes: { ResourceId: ({ logicalId }) => logicalId },
  properties: z.strictObject({ RestApiId: z.string(), ParentId: z.string(), PathPart: z.string() }),
});

const Integration = z.discriminatedUnion('Type', [
  z.strictObject({
    Type: z.literal('AWS_PROXY'),
    /** How API Gateway calls Lambda; the client's method is another matter. */
    IntegrationHttpMethod: z.literal('POST'),
    Uri: z.string(),
    /** Milliseconds. */
    TimeoutInMillis: z.number().int().min(50).max(29_000).default(29_000),
    PassthroughBehavior: ignored,
  }),
  z.strictObject({
    Type: z.literal('MOCK'),
    RequestTemplates: texts,
    PassthroughBehavior: z.enum(['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER']).default('WHEN_NO_MATCH'),
    IntegrationResponses: z.array(
      z.strictObject({
        StatusCode: z.string(),
        SelectionPattern: z.string().optional(),
        ResponseTemplates: texts.default({}),
        ResponseParameters: texts.default({}),
      }),
    ),
  }),
]);
export type Integration = z.output<typeof Integration>;

export const ApiMethod = implemented({
  ...self,
  properties: z.strictObject({
    RestApiId: z.string(),
    ResourceId: z.string(),
    HttpMethod: z.string(),
    AuthorizationType: z.enum(['NONE', 'CUSTOM']),
    AuthorizerId: z.string().optional(),
    ApiKeyRequired: z.literal(false).optional(),
    Integration,
    MethodResponses: z
      .array(
        z.strictObject({
          StatusCode: z.string(),
          ResponseParameters: z.record(z.string(), z.boolean()).default({}),
          /** Shapes for API Gateway's own documentation; responses are not checked against them. */
          ResponseModels: ignored,
        }),
      )
      .default([]),
    /** Only declares what a mapping may use. */
    RequestParameters: z.record(z.string(), z.literal(false)).optional(),
    OperationName: ignored,
  }),
});

export const ApiAuthorizer = implemented({
  nameProperty: 'Name',
  ...self,
  attributes: { AuthorizerId: ({ logicalId }) => logicalId },
  properties: z.strictObject({
    Name: z.string(),
    RestApiId: z.string(),
    Type: z.enum(['REQUEST', 'TOKEN']),
    AuthorizerUri: z.string(),
    IdentitySource: z.string().default(''),
    IdentityValidationExpression: z.string().optional(),
    /** Seconds. */
    AuthorizerResultTtlInSeconds: z.number().int().min(0).max(3600).default(300),
    AuthType: ignored,
    AuthorizerCredentials: ignored,
  }),
});

export const ApiGatewayResponse = implemented({
  ...self,
  properties: z.strictObject({
    RestApiId: z.string(),
    ResponseType: z.string(),
    StatusCode: z.string().optional(),
    ResponseParameters: texts.default({}),
    ResponseTemplates: texts.default({}),
  }),
});

export const ApiDeployment = implemented({
  ...self,
  attributes: { DeploymentId: ({ logicalId }) => logicalId },
  properties: z.strictObject({ RestApiId: z.string(), Description: ignored }),
});

export const ApiStage = implemented({
  nameProperty: 'StageName',
  isNameShared: true,
  ref: ({ name }) => name,
  attributes: {},
  properties: z.strictObject({
    RestApiId: z.string(),
    DeploymentId: z.string(),
    StageName: z.string(),
    Description: ignored,
    MethodSettings: z
      .array(
        z.strictObject({
          HttpMethod: z.string(),
          ResourcePath: z.string(),
          /** Requests a second. */
          ThrottlingRateLimit: z.number().optional(),
          ThrottlingBurstLimit: z.number().int().optional(),
          LoggingLevel: ignored,
          DataTraceEnabled: ignored,
          MetricsEnabled: ignored,
          CachingEnabled: z.literal(false).optional(),
        }),
      )
      .default([]),
    Variables: texts.default({}),
    AccessLogSetting: ignored,
    TracingEnabled: ignored,
    Tags: ignored,
  }),
});
