import { CfnOutput, Duration } from 'aws-cdk-lib';
import { type IAuthorizer, IdentitySource, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { CfnSamplingRule } from 'aws-cdk-lib/aws-xray';
import type { Construct } from 'constructs';
import { EXTERNAL_PREFIX, isDashboardRoute, ROUTES } from '../../shared/routes.ts';
import type { StageConfig } from '../config.ts';
import { Alarm } from '../constructs/alarm.ts';
import { ApiFunction } from '../constructs/api-function.ts';
import { addDomain } from '../constructs/domain.ts';
import { addFirewall } from '../constructs/firewall.ts';
import { EXTERNAL_API } from '../constructs/gateway-kinds.ts';
import { useSecret, useTable } from '../constructs/grants.ts';
import { AUTHORIZER_FAULTS, RestApi } from '../constructs/rest-api.ts';
import { makeEndpoints } from './api-endpoints.ts';
import type { DataStack } from './data-stack.ts';
import type { DeliveryStack } from './delivery-stack.ts';
import { resourceName, StageStack } from './stage-stack.ts';

/** How long a revoked key may go on: contract §4. The gateway keeps the authorizer's answer for this long. */
const AUTHORIZER_CACHE = Duration.seconds(60);

/** What callers reach: the gateway, the authorizer, and one function for each endpoint. */
export class ApiStack extends StageStack {
  readonly api: RestApi;

  /** As callers know it, with a slash at the end. */
  readonly url: string;

  constructor(scope: Construct, id: string, config: StageConfig, data: DataStack, delivery: DeliveryStack) {
    super(scope, id, config);
    const api = new RestApi(this, 'Api', EXTERNAL_API);
    this.api = api;
    const routes = ROUTES.filter((route) => !isDashboardRoute(route));
    api.addRoutes(routes, makeEndpoints(this, data, delivery), this.apiKeyAuthorizer(data, api));
    this.sampleTraces(api);
    addFirewall(api, { name: 'firewall', pathPart: EXTERNAL_PREFIX });
    // Endpoints turn faults of ours into 503 and do not fail: their own alarms stay silent.
    new Alarm(this, 'Unavailable', {
      name: 'api-unavailable',
      article: 'api-unavailable',
      impact: 'tenants get 503, from an endpoint or from the gateway',
      severity: 'page',
      metric: api.metricRequests('unavailable', '{ $.status = "503" }'),
      // A single one is repeated by whoever called: it said retryable.
      threshold: 10,
    });
    new Alarm(this, 'Slow', {
      name: 'api-slow',
      article: 'api-slow',
      impact: 'one request in a hundred takes longer than 10 seconds; tenants give up on some',
      metric: api.metricLatency({ statistic: 'p99', period: Duration.minutes(5) }),
      threshold: 10_000,
      periods: 3,
    });
    const baseUrl = addDomain(api, config) ?? api.urlForPath();
    this.url = baseUrl;

    new CfnOutput(this, 'ApiUrl', { value: baseUrl });
    new CfnOutput(this, 'MetaWebhookUrl', {
      value: `${baseUrl}v1/whatsapp/webhook`,
      description: "Callback URL for the app's WhatsApp product in Meta's dashboard",
    });
    new CfnOutput(this, 'MetaVerifyTokenSecretArn', {
      value: data.metaApp.secretArn,
      description: "verify_token in here goes into Meta's dashboard; Meta's app secret goes into app_secret",
    });
  }

  /** The gateway decides for the whole way of a request; where nobody has decided, Lambda takes 5 % by itself. */
  private sampleTraces(api: RestApi): void {
    new CfnSamplingRule(this, 'Traces', {
      samplingRule: {
        ruleName: `quixess-${this.config.name}`, // at most 32 characters
        priority: 1000,
        fixedRate: this.config.tracedShare,
        // Not one a second besides: at a million requests a month that would be nearly all.
        reservoirSize: 0,
        serviceType: 'AWS::ApiGateway::Stage',
        serviceName: `${resourceName(this.config, EXTERNAL_API.name)}/${api.deploymentStage.stageName}`,
        host: '*',
        httpMethod: '*',
        urlPath: '*',
        resourceArn: '*',
        version: 1,
      },
    });
  }

  private apiKeyAuthorizer(data: DataStack, api: RestApi): IAuthorizer {
    const fn = new ApiFunction(this, 'AuthorizeApiKey', {
      name: 'authorize-api-key',
      impact: 'tenants whose key is not in the cache get 503 from every endpoint',
      severity: 'page',
      // It also fails to say that a key is not valid: API Gateway knows no other way to answer 401.
      faults: { of: () => api.metricRequests('authorizer-faults', AUTHORIZER_FAULTS), periods: 1 },
    });
    useTable(fn, 'API_KEYS_TABLE_NAME', data.apiKeys, ['GetItem', 'UpdateItem']);
    useSecret(fn, 'KEY_PEPPER_SECRET_ARN', data.keyPepper);
    return new RequestAuthorizer(this, 'ApiKeyAuthorizer', {
      handler: fn,
      identitySources: [IdentitySource.header('X-API-Key')],
      resultsCacheTtl: AUTHORIZER_CACHE,
    });
  }
}
