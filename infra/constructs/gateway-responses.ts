import { type GatewayResponseOptions, ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { ErrorCode } from '../../shared/error-codes.ts';
import { problemDocument } from '../../shared/http/problem.ts';

/** A refusal as `[code, detail]`. */
export type Refusal = readonly [code: ErrorCode, detail: string];
/** What depends on who calls. */
export type CallerRefusals = Record<
  'UNAUTHORIZED' | 'ACCESS_DENIED' | 'AUTHORIZER_FAILURE' | 'AUTHORIZER_CONFIGURATION_ERROR',
  Refusal
>;

/** What API Gateway says when it refuses by itself. A type left out would answer in Amazon's words. */
const REFUSALS: Record<string, Refusal> = {
  MISSING_AUTHENTICATION_TOKEN: ['route_not_found', 'No endpoint has this method and path.'],
  RESOURCE_NOT_FOUND: ['route_not_found', 'No endpoint has this method and path.'],
  // Answers to AWS signatures and API Gateway's own keys. Nothing here takes those: they come with paths that do not exist.
  INVALID_SIGNATURE: ['route_not_found', 'No endpoint has this method and path.'],
  INVALID_API_KEY: ['route_not_found', 'No endpoint has this method and path.'],
  EXPIRED_TOKEN: ['route_not_found', 'No endpoint has this method and path.'],

  BAD_REQUEST_BODY: ['invalid_request', 'The request body could not be read.'],
  BAD_REQUEST_PARAMETERS: ['invalid_request', 'The query or the headers could not be read.'],
  DEFAULT_4XX: ['invalid_request', 'The request could not be read.'],
  REQUEST_TOO_LARGE: ['payload_too_large', 'The request body is larger than this API takes.'],
  UNSUPPORTED_MEDIA_TYPE: ['unsupported_media_type', 'The Content-Type of the request is not taken here.'],
  WAF_FILTERED: ['forbidden', 'The firewall refused the request.'],

  THROTTLED: ['rate_limited', 'More requests came in than the service takes at once.'],
  QUOTA_EXCEEDED: ['rate_limited', 'More requests came in than the service takes at once.'],

  API_CONFIGURATION_ERROR: ['unavailable', 'The request could not be served.'],
  INTEGRATION_FAILURE: ['unavailable', 'The request could not be served.'],
  INTEGRATION_TIMEOUT: ['unavailable', 'The request took too long; it may have been carried out.'],
  DEFAULT_5XX: ['unavailable', 'The request could not be served.'],
};

/** Every refusal of the gateway itself in the words and the form of our own: contract §3. */
export function addGatewayResponses(api: RestApi, errorDocsUrl: string, ofCaller: CallerRefusals): void {
  for (const [type, [code, detail]] of Object.entries({ ...ofCaller, ...REFUSALS })) {
    api.addGatewayResponse(pascal(type), {
      type: ResponseType.of(type),
      ...gatewayResponse(errorDocsUrl, code, detail),
    });
  }
}

function gatewayResponse(errorDocsUrl: string, code: ErrorCode, detail: string): Omit<GatewayResponseOptions, 'type'> {
  const problem = gatewayProblem(errorDocsUrl, code, detail);
  return {
    statusCode: String(problem.status),
    responseHeaders: problemHeaders(problem.retry_after_seconds),
    templates: { 'application/json': JSON.stringify(problem) },
  };
}

/** A problem document whose occurrence the gateway fills in. */
export const gatewayProblem = (errorDocsUrl: string, code: ErrorCode, detail: string) =>
  problemDocument(errorDocsUrl, code, { detail, instance: '$context.path', requestId: '$context.requestId' });

/** As API Gateway wants them: a constant in quotes, a variable of the request without. */
export const problemHeaders = (retryAfterSeconds: number | null): Record<string, string> => ({
  'Content-Type': "'application/problem+json'",
  'X-Request-Id': 'context.requestId',
  ...(retryAfterSeconds === null ? {} : { 'Retry-After': `'${retryAfterSeconds}'` }),
});

/** `ACCESS_DENIED` → `AccessDenied`, for construct ids. */
const pascal = (type: string): string =>
  type
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
