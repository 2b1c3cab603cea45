import { functionNameOf } from '../lambda/lambda.ts';
import type { Deployment, Resource } from '../template/deployment.ts';
import type { Integration } from '../template/types/api.ts';

export type Authorizer = {
  id: string;
  type: 'REQUEST' | 'TOKEN';
  functionName: string;
  /** `method.request.header.X`, `method.request.querystring.x`, `context.x`, `stageVariables.x` */
  identitySources: string[];
  /** A TOKEN authorizer's token must match, or the function is not asked. */
  validation: RegExp | undefined;
  ttlSeconds: number;
};

export type Method = {
  httpMethod: string;
  resourceId: string;
  /** `/v1/messages/{id}` */
  resourcePath: string;
  authorizer: Authorizer | undefined;
  integration:
    | { type: 'lambda'; functionName: string; timeoutMs: number }
    | { type: 'mock'; definition: Extract<Integration, { Type: 'MOCK' }> };
  /** Status code → headers that a mapping may set. */
  methodResponses: Map<string, ReadonlySet<string>>;
};

export type GatewayResponseDefinition = {
  statusCode: number | undefined;
  /** `gatewayresponse.header.X` → `'literal'` or a variable. */
  parameters: Record<string, string>;
  templates: Record<string, string>;
};

export type ThrottleSetting = { httpMethod: string; resourcePath: string; ratePerSecond: number; burst: number };

/** One REST API with its stage, as API Gateway serves it. */
export type ApiModel = {
  apiId: string;
  account: string;
  region: string;
  stage: string;
  stageVariables: Record<string, string>;
  deploymentId: string;
  binaryMediaTypes: string[];
  methods: Method[];
  gatewayResponses: Map<string, GatewayResponseDefinition>;
  throttles: ThrottleSetting[];
};

/**
 * The REST APIs of the templates.
 * @throws when there is none, or one without exactly one stage, and when something in it points nowhere
 */
export function buildApiModels(deployment: Deployment): ApiModel[] {
  const apis = deployment.of('AWS::ApiGateway::RestApi');
  if (apis.length === 0) throw new Error('The templates have no REST API');
  return apis.map((api) => buildApiModel(deployment, api));
}

function buildApiModel(deployment: Deployment, api: Resource<'AWS::ApiGateway::RestApi'>): ApiModel {
  /** Logical ids are unique in a stack alone, and each stack has one API at most. */
  const own = <T extends { stack: string; properties: { RestApiId: string } }>(all: T[]): T[] =>
    all.filter(({ stack, properties }) => stack === api.stack && properties.RestApiId === api.ref);
  const stage = only(own(deployment.of('AWS::ApiGateway::Stage')), api);
  const resources = new Map(
    own(deployment.of('AWS::ApiGateway::Resource')).map((resource) => [resource.ref, resource]),
  );
  const rootId = `${api.logicalId}/root`;
  const pathOf = (id: string): string => {
    if (id === rootId) return '';
    const resource = resources.get(id);
    if (!resource) throw new Error(`${api.stack} ${api.logicalId}: there is no resource ${id}`);
    return `${pathOf(resource.properties.ParentId)}/${resource.properties.PathPart}`;
  };
  const authorizers = new Map(
    own(deployment.of('AWS::ApiGateway::Authorizer')).map((one) => [one.ref, toAuthorizer(one)]),
  );
  return {
    apiId: api.ref,
    account: deployment.place.account,
    region: deployment.place.region,
    stage: stage.name,
    stageVariables: stage.properties.Variables,
    deploymentId: stage.properties.DeploymentId,
    binaryMediaTypes: api.properties.BinaryMediaTypes,
    methods: own(deployment.of('AWS::ApiGateway::Method')).map((method) =>
      toMethod(method, pathOf(method.properties.ResourceId) || '/', authorizers),
    ),
    gatewayResponses: new Map(
      own(deployment.of('AWS::ApiGateway::GatewayResponse')).map(({ properties }) => [
        properties.ResponseType,
        {
          statusCode: properties.StatusCode === undefined ? undefined : Number(properties.StatusCode),
          parameters: properties.ResponseParameters,
          templates: properties.ResponseTemplates,
        },
      ]),
    ),
    throttles: stage.properties.MethodSettings.flatMap((setting) => {
      const { ThrottlingRateLimit: ratePerSecond, ThrottlingBurstLimit: burst } = setting;
      if (ratePerSecond === undefined || burst === undefined) return [];
      return [{ httpMethod: setting.HttpMethod, resourcePath: methodPath(setting.ResourcePath), ratePerSecond, burst }];
    }),
  };
}

function toMethod(
  { stack, logicalId, properties }: Resource<'AWS::ApiGateway::Method'>,
  resourcePath: string,
  authorizers: ReadonlyMap<string, Authorizer>,
): Method {
  const { Integration: integration, AuthorizationType, AuthorizerId } = properties;
  const authorizer = AuthorizationType === 'CUSTOM' ? authorizers.get(AuthorizerId ?? '') : undefined;
  if (AuthorizationType === 'CUSTOM' && !authorizer) {
    throw new Error(`${stack} ${logicalId}: there is no authorizer ${AuthorizerId}`);
  }
  return {
    httpMethod: properties.HttpMethod,
    resourceId: properties.ResourceId,
    resourcePath,
    authorizer,
    integration:
      integration.Type === 'MOCK'
        ? { type: 'mock', definition: integration }
        : { type: 'lambda', functionName: invokedBy(integration.Uri), timeoutMs: integration.TimeoutInMillis },
    methodResponses: new Map(
      properties.MethodResponses.map(({ StatusCode, ResponseParameters }) => [
        StatusCode,
        new Set(
          Object.keys(ResponseParameters).map((name) => name.replace('method.response.header.', '').toLowerCase()),
        ),
      ]),
    ),
  };
}

function toAuthorizer({ ref, properties }: Resource<'AWS::ApiGateway::Authorizer'>): Authorizer {
  const pattern = properties.IdentityValidationExpression;
  return {
    id: ref,
    type: properties.Type,
    functionName: invokedBy(properties.AuthorizerUri),
    identitySources: properties.IdentitySource.split(',')
      .map((source) => source.trim())
      .filter((source) => source !== ''),
    validation: pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`),
    ttlSeconds: properties.AuthorizerResultTtlInSeconds,
  };
}

/** `arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<function ARN>/invocations` → the function's name */
function invokedBy(uri: string): string {
  const functionArn = /\/functions\/(arn:[^/]+)\/invocations$/.exec(uri)?.[1];
  if (!functionArn) throw new Error(`not the URI of a Lambda function: ${uri}`);
  return functionNameOf(functionArn);
}

function only<T>(stages: T[], { stack, logicalId }: { stack: string; logicalId: string }): T {
  const [one, ...others] = stages;
  if (!one || others.length > 0)
    throw new Error(`The local stack serves one stage of an API, ${stack} ${logicalId} has ${stages.length}`);
  return one;
}

/** In method settings a path is `/~1v1~1messages`; a JSON pointer's escapes. `/*` stands for all. */
const methodPath = (path: string): string =>
  path === '/*' ? '*' : path.replace(/^\//, '').replaceAll('~1', '/').replaceAll('~0', '~') || '/';
