import { CfnOutput, Duration } from 'aws-cdk-lib';
import { type IAuthorizer, IdentitySource, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { DASHBOARD_PREFIX, isDashboardRoute, ROUTES } from '../../shared/routes.ts';
import type { StageConfig } from '../config.ts';
import { Alarm } from '../constructs/alarm.ts';
import { ApiFunction } from '../constructs/api-function.ts';
import { addFirewall } from '../constructs/firewall.ts';
import { DASHBOARD_API } from '../constructs/gateway-kinds.ts';
import { useTable } from '../constructs/grants.ts';
import { TOKEN_CLAIMS_FUNCTION } from '../constructs/people.ts';
import { AUTHORIZER_FAULTS, RestApi } from '../constructs/rest-api.ts';
import { makeDashboardEndpoints } from './dashboard-endpoints.ts';
import type { DataStack } from './data-stack.ts';
import type { DeliveryStack } from './delivery-stack.ts';
import { StageStack } from './stage-stack.ts';

/** How long a role that was changed may go on: the gateway keeps the authorizer's answer for this long. */
const AUTHORIZER_CACHE = Duration.seconds(60);

/** What people reach by the dashboard: a gateway of its own, the authorizer, and one function for each endpoint. */
export class DashboardApiStack extends StageStack {
  readonly api: RestApi;

  constructor(
    scope: Construct,
    id: string,
    config: StageConfig,
    data: DataStack,
    delivery: DeliveryStack,
    externalApi: RestApi,
  ) {
    super(scope, id, config);
    this.api = new RestApi(this, 'DashboardApi', DASHBOARD_API);
    const endpoints = makeDashboardEndpoints(this, data, delivery, externalApi);
    this.api.addRoutes(ROUTES.filter(isDashboardRoute), endpoints, this.userAuthorizer(data));
    addFirewall(this.api, { name: 'dashboard-firewall', pathPart: DASHBOARD_PREFIX });
    this.addTokenClaims(data);
    // Endpoints turn faults of ours into 503 and do not fail: their own alarms stay silent.
    new Alarm(this, 'Unavailable', {
      name: 'dashboard-api-unavailable',
      article: 'dashboard-api-unavailable',
      impact: 'people get 503 in the dashboard, from an endpoint or from the gateway',
      metric: this.api.metricRequests('dashboard-unavailable', '{ $.status = "503" }'),
    });

    new CfnOutput(this, 'DashboardApiUrl', { value: this.api.urlForPath() });
    new CfnOutput(this, 'SignInUrl', { value: data.people.signInUrl, description: 'Where people sign in' });
  }

  private userAuthorizer(data: DataStack): IAuthorizer {
    const fn = new ApiFunction(this, 'AuthorizeUser', {
      name: 'authorize-user',
      impact: 'people get 503 from every page of the dashboard',
      environment: {
        OIDC_ISSUER: data.people.issuer,
        OIDC_JWKS_URL: data.people.jwksUrl,
        OIDC_CLIENT_ID: data.people.client.userPoolClientId,
      },
      // It also fails to say that a token is not valid: API Gateway knows no other way to answer 401.
      faults: { of: () => this.api.metricRequests('dashboard-authorizer-faults', AUTHORIZER_FAULTS), periods: 1 },
    });
    useTable(fn, 'MEMBERS_TABLE_NAME', data.members, ['GetItem']);
    useTable(fn, 'ORGANISATIONS_TABLE_NAME', data.organisations, ['GetItem']);
    return new RequestAuthorizer(this, 'UserAuthorizer', {
      handler: fn,
      identitySources: [IdentitySource.header('Authorization')],
      resultsCacheTtl: AUTHORIZER_CACHE,
    });
  }

  /** What the user pool asks before it signs tokens. */
  private addTokenClaims(data: DataStack): void {
    const fn = new ApiFunction(this, 'AddTokenClaims', {
      name: TOKEN_CLAIMS_FUNCTION,
      impact: 'nobody can sign in to the dashboard',
      // Cognito gives up after this long.
      timeout: Duration.seconds(5),
    });
    useTable(fn, 'AUDIT_LOG_TABLE_NAME', data.auditLog, ['PutItem']);
    useTable(fn, 'MEMBERS_TABLE_NAME', data.members, ['GetItem', 'UpdateItem']);
    useTable(fn, 'ORGANISATIONS_TABLE_NAME', data.organisations, ['UpdateItem']);
    fn.addPermission('UserPool', {
      principal: new ServicePrincipal('cognito-idp.amazonaws.com'),
      sourceArn: data.people.userPool.userPoolArn,
    });
  }
}
