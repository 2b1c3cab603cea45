import { buildApiModels } from '../../../local/api-gateway/model.ts';
import { type ApiGateway, startApiGateway } from '../../../local/api-gateway/server.ts';
import { type LambdaFixture, startLambda } from '../lambda/function-fixture.ts';
import { deploy, resource } from '../template/assembly-fixture.ts';

export type MethodFixture = { method: string; path: string; properties: object };
export type GatewayFixtureOptions = {
  methods: MethodFixture[];
  /** Name → source of `index.mjs`. */
  functions?: Record<string, string>;
  authorizers?: Record<string, object>;
  /** Response type → properties. */
  gatewayResponses?: Record<string, object>;
  methodSettings?: object[];
  binaryMediaTypes?: string[];
};

const API = { RestApiId: { Ref: 'Api' } };
const uri = (functionName: string) => ({
  'Fn::Join': [
    '',
    [
      'arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/',
      `arn:aws:lambda:eu-central-1:111111111111:function:${functionName}`,
      '/invocations',
    ],
  ],
});

/** A method with a Lambda proxy integration. */
export const proxy = (functionName: string, more: object = {}, integration: object = {}): object => ({
  AuthorizationType: 'NONE',
  ...more,
  Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: uri(functionName), ...integration },
});

export const authorizer = (functionName: string, more: object = {}): object => ({
  Name: functionName,
  Type: 'REQUEST',
  AuthorizerUri: uri(functionName),
  IdentitySource: 'method.request.header.X-API-Key',
  AuthorizerResultTtlInSeconds: 60,
  ...more,
});

export const authorizedBy = (id: string) => ({ AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: id } });

/** The resources of a REST API, with what CDK would make of its paths. */
function apiResources(options: GatewayFixtureOptions): Record<string, object> {
  const resources: Record<string, object> = {
    Api: resource('AWS::ApiGateway::RestApi', 'main/Api', {
      Name: 'test',
      BinaryMediaTypes: options.binaryMediaTypes ?? [],
    }),
    Deployment: resource('AWS::ApiGateway::Deployment', 'main/Deployment', API),
    Stage: resource('AWS::ApiGateway::Stage', 'main/Stage', {
      ...API,
      StageName: 'api',
      DeploymentId: { Ref: 'Deployment' },
      MethodSettings: options.methodSettings ?? [],
    }),
  };
  const ids = new Map<string, object>([['', { 'Fn::GetAtt': ['Api', 'RootResourceId'] }]]);
  for (const { path } of options.methods) {
    const segments = path.split('/').slice(1);
    for (const [index, PathPart] of segments.entries()) {
      const parent = segments.slice(0, index).join('/');
      const self = segments.slice(0, index + 1).join('/');
      if (PathPart === '' || ids.has(self)) continue;
      const id = `R${ids.size}`;
      resources[id] = resource('AWS::ApiGateway::Resource', `main/${id}`, {
        ...API,
        ParentId: ids.get(parent),
        PathPart,
      });
      ids.set(self, { Ref: id });
    }
  }
  for (const [index, { method, path, properties }] of options.methods.entries()) {
    const ResourceId = ids.get(path.slice(1));
    resources[`M${index}`] = resource('AWS::ApiGateway::Method', `main/M${index}`, {
      ...API,
      HttpMethod: method,
      ResourceId,
      ...properties,
    });
  }
  for (const [id, properties] of Object.entries(options.authorizers ?? {})) {
    resources[id] = resource('AWS::ApiGateway::Authorizer', `main/${id}`, { ...API, ...properties });
  }
  for (const [ResponseType, properties] of Object.entries(options.gatewayResponses ?? {})) {
    const id = `G${ResponseType.replaceAll('_', '')}`;
    resources[id] = resource('AWS::ApiGateway::GatewayResponse', `main/${id}`, { ...API, ResponseType, ...properties });
  }
  return resources;
}

export type Answer = { status: number; headers: Headers; text: string; json: () => Record<string, unknown> };
export type GatewayFixture = LambdaFixture & {
  gateway: ApiGateway;
  /** @param path with the stage, `/api/…` */
  call(
    method: string,
    path: string,
    init?: { headers?: Record<string, string>; body?: string | Uint8Array<ArrayBuffer> },
  ): Promise<Answer>;
};

/** An API from a hand-made template, in front of functions in threads. */
export async function startGateway(options: GatewayFixtureOptions): Promise<GatewayFixture> {
  const fixture = startLambda();
  for (const [name, source] of Object.entries(options.functions ?? {})) fixture.add(name, source);
  const models = buildApiModels(deploy({ main: { Resources: apiResources(options) } }));
  const gateway = await startApiGateway({
    port: 0,
    models,
    invoke: fixture.lambda.invoke,
    now: () => fixture.clock.now(),
  });
  return {
    ...fixture,
    gateway,
    async call(method, path, init = {}) {
      const response = await fetch(`${gateway.url}${path}`, { method, ...init });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
    },
    async stop() {
      await gateway.stop();
      await fixture.stop();
    },
  };
}
