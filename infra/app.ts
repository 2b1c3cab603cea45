import { parseArgs } from 'node:util';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { cdkContext } from './cdk-context.ts';
import { stageConfig } from './config.ts';
import { ApiStack } from './stacks/api-stack.ts';
import { CanaryStack } from './stacks/canary-stack.ts';
import { DashboardApiStack } from './stacks/dashboard-api-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { DeliveryStack } from './stacks/delivery-stack.ts';
import { ObservabilityStack } from './stacks/observability-stack.ts';
import { SiteStack } from './stacks/site-stack.ts';
import { UpkeepStack } from './stacks/upkeep-stack.ts';

export type BuildAppOptions = {
  /** A name that infra/config.ts knows. The command line's `-c stage=…` where absent. */
  stage?: string;
  /** Where the templates go. The command line's `-o`, else `cdk.out`, where absent. */
  outdir?: string;
  /** The folder with the site's files. @default `dist/site` */
  site?: string;
  /** Check the templates with AWS's schemas and cdk-nag; a finding nobody explained fails. @default true */
  validate?: boolean;
};

/**
 * One stage's stacks, by how long their things live: data is kept for ever, delivery and api can be made anew.
 * Dependencies go one way: site → api → delivery → data.
 */
export function buildApp({ stage, outdir, site, validate = true }: BuildAppOptions = {}): App {
  const app = new App({
    ...(outdir === undefined ? {} : { outdir }),
    // As the CDK command line sets it, whose own context has precedence when it runs us. The local stack names things by path.
    context: { 'aws:cdk:enable-path-metadata': true, ...cdkContext() },
    analyticsReporting: false,
    builtinCloudFormationValidation: validate,
  });
  const given = (name: string): string | undefined => app.node.tryGetContext(name);
  const config = stageConfig(stage ?? given('stage') ?? '', given('siteUrl'));
  const data = new DataStack(app, 'data', config);
  const delivery = new DeliveryStack(app, 'delivery', config, data);
  const { api, url } = new ApiStack(app, 'api', config, data, delivery);
  const { api: dashboardApi } = new DashboardApiStack(app, 'dashboard-api', config, data, delivery, api);
  const { issuer, client, signInUrl } = data.people;
  const identity = { issuer, clientId: client.userPoolClientId, origins: [signInUrl] };
  new SiteStack(app, 'site', config, { externalApi: api, dashboardApi, identity, files: site });
  new UpkeepStack(app, 'upkeep', config, data, delivery, url);
  new CanaryStack(app, 'canary', config, data, url);
  // The last: it watches what the others made.
  if (config.alarms) new ObservabilityStack(app, 'observability', config, config.alarms);
  if (validate) Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  return app;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { stage: { type: 'string' }, out: { type: 'string' } } });
  buildApp({ stage: values.stage, outdir: values.out }).synth();
}
