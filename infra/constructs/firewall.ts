import { Stack, Validations } from 'aws-cdk-lib';
import type { RestApi, Stage } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { configOf, resourceName } from '../stacks/stage-stack.ts';

export type FirewallProps = {
  stage: Stage;
  /** What its names begin with, where there are several. */
  name: string;
  /** Requests of one address in 5 minutes to paths that contain `pathPart` before it is refused. */
  requestsPerAddress: number;
  pathPart: string;
};

/**
 * Refuses addresses that hammer an API or are known for attacks, before they cost an invocation.
 * Bodies are not judged: a tenant's template may say anything, and what looks like an attack there is a message.
 */
export class Firewall extends Construct {
  constructor(scope: Construct, id: string, { stage, name, requestsPerAddress, pathPart }: FirewallProps) {
    super(scope, id);
    const acl = new CfnWebACL(this, 'Acl', {
      name: resourceName(configOf(this), name),
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility(name),
      rules: [
        {
          name: 'requests-per-address',
          priority: 0,
          action: { block: {} },
          statement: {
            rateBasedStatement: {
              aggregateKeyType: 'IP',
              limit: requestsPerAddress,
              evaluationWindowSec: 300,
              // Meta's webhooks for all tenants come from few addresses.
              scopeDownStatement: {
                byteMatchStatement: {
                  fieldToMatch: { uriPath: {} },
                  positionalConstraint: 'CONTAINS',
                  searchString: pathPart,
                  textTransformations: [{ priority: 0, type: 'NONE' }],
                },
              },
            },
          },
          visibilityConfig: visibility('requests-per-address'),
        },
        {
          name: 'known-attackers',
          priority: 1,
          overrideAction: { none: {} },
          statement: {
            managedRuleGroupStatement: { vendorName: 'AWS', name: 'AWSManagedRulesAmazonIpReputationList' },
          },
          visibilityConfig: visibility('known-attackers'),
        },
      ],
    });
    new CfnWebACLAssociation(this, 'Association', {
      webAclArn: acl.attrArn,
      resourceArn: Stack.of(this).formatArn({
        service: 'apigateway',
        account: '',
        resource: '/restapis',
        resourceName: `${stage.restApi.restApiId}/stages/${stage.stageName}`,
      }),
    });
  }
}

/** In the stages that have one (infra/config.ts). */
export function addFirewall(api: RestApi, props: Pick<FirewallProps, 'name' | 'pathPart'>): void {
  const { firewall } = configOf(api);
  if (firewall) {
    new Firewall(api.stack, 'Firewall', { stage: api.deploymentStage, ...firewall, ...props });
    return;
  }
  Validations.of(api).acknowledge({
    id: 'AwsSolutions-APIG3',
    reason: 'A firewall costs by the month; stages without tenants have the throttle alone (infra/config.ts).',
  });
}

const visibility = (metricName: string) => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
});
