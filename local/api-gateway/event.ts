import type { APIGatewayEventRequestContext, APIGatewayProxyEvent, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { type ApiCall, headerOf, methodArnOf } from './call.ts';
import type { ApiModel } from './model.ts';

// Shapes: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `09/Apr/2015:12:34:56 +0000` */
export function requestTime(epochMs: number): string {
  const iso = new Date(epochMs).toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}

const lastOf = (multi: Record<string, string[]>): Record<string, string> =>
  Object.fromEntries(Object.entries(multi).map(([name, values]) => [name, values.at(-1) ?? '']));

function multiValueQuery(call: ApiCall): Record<string, string[]> | null {
  const result: Record<string, string[]> = {};
  for (const name of new Set(call.query.keys())) result[name] = call.query.getAll(name);
  return Object.keys(result).length > 0 ? result : null;
}

/** @types/aws-lambda leaves the deployment out. */
type RequestContext = APIGatewayEventRequestContext & { deploymentId: string };

export function requestContext(model: ApiModel, call: ApiCall): RequestContext {
  const domainName = (headerOf(call, 'host') ?? '').replace(/:\d+$/, '');
  return {
    accountId: model.account,
    apiId: model.apiId,
    authorizer: call.authorizer ?? null,
    deploymentId: model.deploymentId,
    domainName,
    domainPrefix: domainName.split('.')[0] ?? '',
    extendedRequestId: call.extendedRequestId,
    httpMethod: call.httpMethod,
    identity: {
      accessKey: null,
      accountId: null,
      apiKey: null,
      apiKeyId: null,
      caller: null,
      clientCert: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: call.sourceIp,
      user: null,
      userAgent: headerOf(call, 'user-agent') ?? null,
      userArn: null,
    },
    path: call.fullPath,
    protocol: call.protocol,
    requestId: call.requestId,
    requestTime: requestTime(call.receivedAt),
    requestTimeEpoch: call.receivedAt,
    resourceId: call.method?.resourceId ?? '',
    resourcePath: call.method?.resourcePath ?? '',
    stage: model.stage,
  };
}

/** The event of a Lambda proxy integration. Binary bodies come as base64, others as UTF-8 text. */
export function proxyEvent(model: ApiModel, call: ApiCall, body: Buffer, isBinary: boolean): APIGatewayProxyEvent {
  const query = multiValueQuery(call);
  return {
    resource: call.method?.resourcePath ?? '',
    path: call.path,
    httpMethod: call.httpMethod,
    headers: lastOf(call.headers),
    multiValueHeaders: call.headers,
    queryStringParameters: query && lastOf(query),
    multiValueQueryStringParameters: query,
    pathParameters: call.pathParameters,
    stageVariables: Object.keys(model.stageVariables).length > 0 ? model.stageVariables : null,
    requestContext: requestContext(model, call),
    body: body.length === 0 ? null : body.toString(isBinary ? 'base64' : 'utf8'),
    isBase64Encoded: isBinary && body.length > 0,
  };
}

/** The event of a REQUEST authorizer: no body, and empty objects where the integration gets null. */
export function requestAuthorizerEvent(model: ApiModel, call: ApiCall): APIGatewayRequestAuthorizerEvent {
  const query = multiValueQuery(call) ?? {};
  const { authorizer: _notYet, ...context } = requestContext(model, call);
  return {
    type: 'REQUEST',
    methodArn: methodArnOf(model, call),
    resource: call.method?.resourcePath ?? '',
    path: call.path,
    httpMethod: call.httpMethod,
    headers: lastOf(call.headers),
    multiValueHeaders: call.headers,
    queryStringParameters: lastOf(query),
    multiValueQueryStringParameters: query,
    pathParameters: call.pathParameters ?? {},
    stageVariables: model.stageVariables,
    requestContext: { ...context, authorizer: undefined },
  };
}
