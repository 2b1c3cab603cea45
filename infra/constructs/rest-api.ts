import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  AuthorizationType,
  type CfnRestApi,
  EndpointAccessMode,
  EndpointType,
  RestApi as GatewayRestApi,
  type IAuthorizer,
  type IResource,
  LambdaIntegration,
  LogGroupLogDestination,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { PUBLIC_ROOT, type Route } from '../../shared/routes.ts';
import { configOf, resourceName } from '../stacks/stage-stack.ts';
import type { ApiFunction } from './api-function.ts';
import type { GatewayKind } from './gateway-kinds.ts';
import { addGatewayResponses } from './gateway-responses.ts';
import { addMethodNotAllowed } from './method-not-allowed.ts';

/** The gateway's stage is the first part of every public path: `https://<host>/api/v1/whatsapp/external/send/otp`. */
const STAGE_NAME = PUBLIC_ROOT.slice(1);

/** Faults of the authorizer, in the access log: it also fails to say that a caller is not known. */
export const AUTHORIZER_FAULTS =
  '{ ($.refusal = "AUTHORIZER_FAILURE") || ($.refusal = "AUTHORIZER_CONFIGURATION_ERROR") }';

/** Who called what and how it went. No bodies, no headers, no paths: ids of messages and people are in paths. */
const accessLog = (caller: GatewayKind['caller']) =>
  AccessLogFormat.custom(
    JSON.stringify({
      requestId: AccessLogField.contextRequestId(),
      time: AccessLogField.contextRequestTimeEpoch(),
      method: AccessLogField.contextHttpMethod(),
      route: AccessLogField.contextResourcePath(),
      status: AccessLogField.contextStatus(),
      ...Object.fromEntries(Object.entries(caller).map(([name, key]) => [name, AccessLogField.contextAuthorizer(key)])),
      sourceIp: AccessLogField.contextIdentitySourceIp(),
      responseBytes: AccessLogField.contextResponseLength(),
      latencyMs: AccessLogField.contextResponseLatency(),
      integrationLatencyMs: AccessLogField.contextIntegrationLatency(),
      authorizerLatencyMs: AccessLogField.contextAuthorizerLatency(),
      refusal: AccessLogField.contextErrorResponseType(),
      integrationError: AccessLogField.contextIntegrationErrorMessage(),
      authorizerError: AccessLogField.contextAuthorizerError(),
      traceId: AccessLogField.contextXrayTraceId(),
    }),
  );

/**
 * A gateway in front of endpoints. A REST API and not an HTTP API: 401 and 403 must differ and carry our own bodies.
 */
export class RestApi extends GatewayRestApi {
  private readonly errorDocsUrl: string;
  private readonly accessLogs: LogGroup;

  constructor(scope: Construct, id: string, kind: GatewayKind) {
    const config = configOf(scope);
    const accessLogs = new LogGroup(scope, `${id}AccessLogs`, {
      logGroupName: `/aws/apigateway/${resourceName(config, kind.accessLog)}`,
      retention: config.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    super(scope, id, {
      restApiName: resourceName(config, kind.name),
      endpointTypes: [EndpointType.REGIONAL],
      // Without this role, which an account has once for all its gateways, the access log cannot be written.
      cloudWatchRole: kind.hasLogRole,
      ...(kind.hasLogRole ? { cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN } : {}),
      deployOptions: {
        stageName: STAGE_NAME,
        throttlingRateLimit: config.throttle.requestsPerSecond,
        throttlingBurstLimit: config.throttle.burst,
        tracingEnabled: true,
        accessLogDestination: new LogGroupLogDestination(accessLogs),
        accessLogFormat: accessLog(kind.caller),
      },
    });
    this.errorDocsUrl = config.errorDocsUrl;
    this.accessLogs = accessLogs;
    requireCurrentTls(this);
    this.node.tryRemoveChild('Endpoint'); // an output under a generated name; the stack has its own
    addGatewayResponses(this, this.errorDocsUrl, kind.refusals);
    this.acknowledgeFindings(kind);
  }

  /**
   * How many requests the access log has for which this holds.
   * @param pattern in CloudWatch's syntax, about the fields above, e.g. `{ $.status = "503" }`
   */
  metricRequests(metricName: string, pattern: string): IMetric {
    return new MetricFilter(this, metricName, {
      logGroup: this.accessLogs,
      filterPattern: FilterPattern.literal(pattern),
      metricNamespace: 'Quixess',
      metricName: resourceName(configOf(this), metricName),
    }).metric({ period: Duration.minutes(5), statistic: 'Sum' });
  }

  /**
   * One method for each route, and 405 for the other methods of its path.
   * @param functions by the name of their folder
   * @throws for a route whose function is missing
   */
  addRoutes(routes: readonly Route[], functions: ReadonlyMap<string, ApiFunction>, authorizer: IAuthorizer): void {
    for (const route of routes) {
      const fn = functions.get(route.function);
      if (!fn) throw new Error(`${route.method} ${route.path} is served by ${route.function}, which no stack defines`);
      this.addRoute(this.root.resourceForPath(route.path), route, fn, authorizer);
    }
    for (const [path, ofPath] of Map.groupBy(routes, (route) => route.path)) {
      addMethodNotAllowed(
        this.root.resourceForPath(path),
        ofPath.map((route) => route.method),
        this.errorDocsUrl,
      );
    }
  }

  private addRoute(resource: IResource, { method, auth }: Route, fn: ApiFunction, authorizer: IAuthorizer): void {
    // The console's test button would need a second permission for each method, to call past the authorizer.
    const integration = new LambdaIntegration(fn, { allowTestInvoke: false });
    if (auth.kind === 'api-key' || auth.kind === 'user') {
      const options = { authorizer, authorizationType: AuthorizationType.CUSTOM };
      Validations.of(resource.addMethod(method, integration, options)).acknowledge({
        id: 'AwsSolutions-COG4',
        reason:
          auth.kind === 'api-key'
            ? 'Tenant backends hold API keys, which our own authorizer checks; Cognito is for people.'
            : "Our own authorizer checks Cognito's tokens, and asks the table of members for the role of the moment.",
      });
      return;
    }
    const reason = WHY_OPEN[auth.kind];
    Validations.of(resource.addMethod(method, integration, { authorizationType: AuthorizationType.NONE })).acknowledge(
      { id: 'AwsSolutions-APIG4', reason },
      { id: 'AwsSolutions-COG4', reason },
    );
  }

  private acknowledgeFindings({ hasLogRole }: GatewayKind): void {
    Validations.of(this).acknowledge(
      {
        id: 'AwsSolutions-APIG2',
        reason: 'Each function checks its request with a schema, whose errors name the field; the gateway names none.',
      },
      {
        id: 'AwsSolutions-APIG6',
        reason:
          'The access log has the error of every request. Execution logs would add headers, in a log group without retention.',
      },
    );
    if (hasLogRole) {
      Validations.of(this).acknowledge({
        id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
        reason:
          "The account's role for API Gateway's logs, as AWS documents it: its log groups are not known beforehand.",
      });
    }
  }
}

/** What takes the place of an authorizer. */
const WHY_OPEN = {
  public: 'The API document is public, as the page made of it is.',
  meta: 'Meta cannot send a key: the function checks the verify token (GET) or the signature of the body (POST).',
  canary: 'It is the endpoint of a tenant, our own: the function checks the signature of the body.',
} as const;

/** TLS 1.2 or 1.3, also on the gateway's own host name, which takes TLS 1.0 when nothing is said. */
function requireCurrentTls(api: GatewayRestApi): void {
  const resource = api.node.defaultChild as CfnRestApi;
  resource.securityPolicy = SecurityPolicy.TLS13_1_2_PQ_2025_09;
  resource.endpointAccessMode = EndpointAccessMode.STRICT;
}
