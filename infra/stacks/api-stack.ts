import { CfnOutput, Duration, Validations } from 'aws-cdk-lib';
import { type IAuthorizer, IdentitySource, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { ROUTES } from '../../shared/routes.ts';
import type { StageConfig } from '../config.ts';
import { Alarm } from '../constructs/alarm.ts';
import { ApiFunction } from '../constructs/api-function.ts';
import { addDomain } from '../constructs/domain.ts';
import { Firewall } from '../constructs/firewall.ts';
import { useConnectionSecrets, useQueue, useSecret, useTable } from '../constructs/grants.ts';
import { RestApi } from '../constructs/rest-api.ts';
import type { DataStack } from './data-stack.ts';
import type { DeliveryStack } from './delivery-stack.ts';
import { StageStack } from './stage-stack.ts';

/** How long a revoked key may go on: contract §4. The gateway keeps the authorizer's answer for this long. */
const AUTHORIZER_CACHE = Duration.seconds(60);

const AUTHORIZER_FAULTS = '{ ($.refusal = "AUTHORIZER_FAILURE") || ($.refusal = "AUTHORIZER_CONFIGURATION_ERROR") }';

/** What callers reach: the gateway, the authorizer, and one function for each endpoint. */
export class ApiStack extends StageStack {
  constructor(scope: Construct, id: string, config: StageConfig, data: DataStack, delivery: DeliveryStack) {
    super(scope, id, config);
    const api = new RestApi(this, 'Api');
    const endpoints = new Map([
      ['send-otp', this.sendOtp(data)],
      ['receive-meta-webhook', this.receiveMetaWebhook(data, delivery)],
    ]);
    api.addRoutes(ROUTES, endpoints, this.apiKeyAuthorizer(data, api));
    this.addFirewall(api);
    // Endpoints turn faults of ours into 503 and do not fail: their own alarms stay silent.
    new Alarm(this, 'Unavailable', {
      name: 'api-unavailable',
      article: 'api-unavailable',
      impact: 'tenants get 503, from an endpoint or from the gateway',
      metric: api.metricRequests('unavailable', '{ $.status = "503" }'),
    });
    const baseUrl = addDomain(api, config) ?? api.urlForPath();

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

  private apiKeyAuthorizer(data: DataStack, api: RestApi): IAuthorizer {
    const fn = new ApiFunction(this, 'AuthorizeApiKey', {
      name: 'authorize-api-key',
      impact: 'tenants whose key is not in the cache get 503 from every endpoint',
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

  private sendOtp(data: DataStack): ApiFunction {
    const { meta, errorDocsUrl } = this.config;
    const fn = new ApiFunction(this, 'SendOtp', {
      name: 'send-otp',
      impact: 'tenants cannot send one-time passwords',
      // API Gateway gives up at 29 s: what happens later would be answered to nobody.
      timeout: Duration.seconds(29),
      environment: {
        META_GRAPH_URL: meta.graphUrl,
        META_GRAPH_VERSION: meta.graphVersion,
        META_TIMEOUT_MS: String(meta.timeoutMs),
        ERROR_DOCS_URL: errorDocsUrl,
      },
    });
    useTable(fn, 'CONNECTIONS_TABLE_NAME', data.connections, ['GetItem'], ['byBrand']);
    useTable(fn, 'TEMPLATES_TABLE_NAME', data.templates, ['Query']);
    useTable(fn, 'MESSAGES_TABLE_NAME', data.messages, ['BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem']);
    useTable(fn, 'IDEMPOTENCY_TABLE_NAME', data.idempotency, ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem']);
    useSecret(fn, 'REQUEST_SIGNING_SECRET_ARN', data.requestSigning);
    useConnectionSecrets(fn);
    return fn;
  }

  private receiveMetaWebhook(data: DataStack, delivery: DeliveryStack): ApiFunction {
    const fn = new ApiFunction(this, 'ReceiveMetaWebhook', {
      name: 'receive-meta-webhook',
      impact: 'messages and statuses from Meta are not taken; Meta repeats them for 7 days',
      environment: { ERROR_DOCS_URL: this.config.errorDocsUrl },
    });
    useQueue(fn, 'INBOUND_EVENTS_QUEUE_URL', delivery.inboundEvents);
    useSecret(fn, 'META_APP_SECRET_ARN', data.metaApp);
    return fn;
  }

  private addFirewall(api: RestApi): void {
    const { firewall } = this.config;
    if (firewall) {
      new Firewall(this, 'Firewall', { stage: api.deploymentStage, ...firewall });
      return;
    }
    Validations.of(api).acknowledge({
      id: 'AwsSolutions-APIG3',
      reason: 'A firewall costs by the month; stages without tenants have the throttle alone (infra/config.ts).',
    });
  }
}
