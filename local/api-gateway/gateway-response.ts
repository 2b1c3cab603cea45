import { type ApiAnswer, chooseTemplate } from './answer.ts';
import type { ApiCall } from './call.ts';
import type { ApiModel } from './model.ts';
import { checkMapping, checkTemplate, mapHeader, substitute, variablesOf } from './variables.ts';

/** Status, message and error header of each refusal: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
const DEFAULTS = {
  ACCESS_DENIED: [403, 'User is not authorized to access this resource', 'AccessDeniedException'],
  API_CONFIGURATION_ERROR: [500, 'Internal server error', 'InternalServerErrorException'],
  AUTHORIZER_CONFIGURATION_ERROR: [500, null, 'AuthorizerConfigurationException'],
  AUTHORIZER_FAILURE: [500, null, 'AuthorizerFailureException'],
  BAD_REQUEST_BODY: [400, 'Invalid request body', 'BadRequestException'],
  BAD_REQUEST_PARAMETERS: [400, 'Invalid request parameters', 'BadRequestException'],
  DEFAULT_4XX: [400, 'Bad Request', 'BadRequestException'],
  DEFAULT_5XX: [500, 'Internal server error', 'InternalServerErrorException'],
  EXPIRED_TOKEN: [403, 'The security token included in the request is expired', 'ExpiredTokenException'],
  INTEGRATION_FAILURE: [504, 'Network error communicating with endpoint', 'InternalServerErrorException'],
  INTEGRATION_TIMEOUT: [504, 'Endpoint request timed out', 'InternalServerErrorException'],
  INVALID_API_KEY: [403, 'Forbidden', 'ForbiddenException'],
  INVALID_SIGNATURE: [403, 'The request signature does not match', 'InvalidSignatureException'],
  MISSING_AUTHENTICATION_TOKEN: [403, 'Missing Authentication Token', 'MissingAuthenticationTokenException'],
  QUOTA_EXCEEDED: [429, 'Limit Exceeded', 'LimitExceededException'],
  REQUEST_TOO_LARGE: [413, 'Request Too Long', 'RequestTooLargeException'],
  RESOURCE_NOT_FOUND: [404, 'Not found', 'NotFoundException'],
  THROTTLED: [429, 'Too Many Requests', 'TooManyRequestsException'],
  UNAUTHORIZED: [401, 'Unauthorized', 'UnauthorizedException'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'Unsupported Media Type', 'BadRequestException'],
  WAF_FILTERED: [403, 'Forbidden', 'ForbiddenException'],
} as const satisfies Record<string, readonly [status: number, message: string | null, errorType: string]>;
export type ResponseType = keyof typeof DEFAULTS;

/** @throws naming whatever in the template's gateway responses is not emulated */
export function checkGatewayResponses(model: ApiModel): void {
  for (const [type, { parameters, templates }] of model.gatewayResponses) {
    if (!(type in DEFAULTS)) throw new Error(`gateway response ${type}: the type is not known to the local stack`);
    for (const template of Object.values(templates)) checkTemplate(`gateway response ${type}`, template);
    for (const [name, mapping] of Object.entries(parameters)) {
      if (!name.startsWith('gatewayresponse.header.'))
        throw new Error(`gateway response ${type}: ${name} is not known to the local stack`);
      checkMapping(`gateway response ${type}, ${name}`, mapping);
    }
  }
}

/**
 * A refusal of the gateway itself, in the words the template gives it; without any, in API Gateway's.
 * @param differently status and message that this occurrence has instead of the type's own
 */
export function gatewayResponse(
  model: ApiModel,
  call: ApiCall,
  type: ResponseType,
  differently: { status?: number; message?: string } = {},
): ApiAnswer {
  const [defaultStatus, defaultMessage, errorType] = DEFAULTS[type];
  const status = differently.status ?? defaultStatus;
  const message = differently.message ?? defaultMessage;
  const fallback = status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX';
  const definition = model.gatewayResponses.get(type) ?? model.gatewayResponses.get(fallback);
  const variables = {
    ...variablesOf(model, call),
    'context.error.message': message ?? '',
    'context.error.messageString': JSON.stringify(message),
    'context.error.responseType': type,
  };
  const templates = definition?.templates ?? {};
  const { contentType, template } = chooseTemplate(call, templates) ?? {
    contentType: 'application/json',
    template: '{"message":$context.error.messageString}',
  };
  const headers: Record<string, string[]> = { 'Content-Type': [contentType], 'x-amzn-ErrorType': [errorType] };
  for (const [name, mapping] of Object.entries(definition?.parameters ?? {})) {
    const value = mapHeader(mapping, call, variables);
    const header = name.slice('gatewayresponse.header.'.length);
    if (value === undefined) continue;
    for (const existing of Object.keys(headers))
      if (existing.toLowerCase() === header.toLowerCase()) delete headers[existing];
    headers[header] = [value];
  }
  return { status: definition?.statusCode ?? status, headers, body: Buffer.from(substitute(template, variables)) };
}
