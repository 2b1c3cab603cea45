import { existsSync } from 'node:fs';
import path from 'node:path';
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { configOf, resourceName } from '../stacks/stage-stack.ts';

/** What `npm run build:site` writes. */
const SITE = path.resolve(import.meta.dirname, '../../dist/site');

/** Files whose names carry a hash of what is in them. */
const HASHED = '*/assets/*';

const FOR_EVER = [CacheControl.setPublic(), CacheControl.maxAge(Duration.days(365)), CacheControl.immutable()];
const ASKED_EACH_TIME = [CacheControl.noCache()];

export type SiteFilesProps = {
  bucket: IBucket;
  /** Where they are. @default what `npm run build:site` writes */
  folder?: string;
  /** `/app/config.json`: what the same build needs to know of its stage. */
  appConfig: Record<string, string | undefined>;
};

/**
 * The files of the site in their bucket, pages last: a page that is there finds what it asks for. Assets of older
 * builds stay, for pages that are open somewhere.
 */
export class SiteFiles extends Construct {
  constructor(scope: Construct, id: string, { bucket, folder = SITE, appConfig }: SiteFilesProps) {
    super(scope, id);
    if (!existsSync(folder)) throw new Error('dist/site is missing: run "npm run build:site" first');
    const config = configOf(this);
    const site = Source.asset(folder);
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${resourceName(config, 'site-files')}`,
      retention: config.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = this.makeRole(logGroup, bucket);
    const common = { destinationBucket: bucket, role, logGroup, memoryLimit: 512, outputObjectKeys: false };

    const assets = new BucketDeployment(this, 'Assets', {
      ...common,
      sources: [site],
      exclude: ['*'],
      include: [HASHED],
      prune: false,
      cacheControl: FOR_EVER,
    });
    // S3 would guess neither the type of Markdown nor the encoding of a text.
    const texts = Object.entries({ Markdown: ['*.md', 'text/markdown'], Text: ['*.txt', 'text/plain'] }).map(
      ([name, [files = '', type = '']]) =>
        new BucketDeployment(this, name, {
          ...common,
          sources: [site],
          exclude: ['*'],
          include: [files],
          cacheControl: ASKED_EACH_TIME,
          contentType: `${type}; charset=utf-8`,
        }),
    );
    const pages = new BucketDeployment(this, 'Pages', {
      ...common,
      sources: [site, Source.jsonData('app/config.json', appConfig)],
      // What is excluded is not removed either.
      exclude: [HASHED, '*.md', '*.txt'],
      cacheControl: ASKED_EACH_TIME,
    });
    pages.node.addDependency(assets, ...texts);
    this.acknowledgeFindings();
  }

  /** Of the function that unpacks and copies; the CDK brings it along. */
  private makeRole(logGroup: LogGroup, bucket: IBucket): Role {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    const findings = [
      ...['GetBucket*', 'GetObject*', 'List*', 'Abort*', 'DeleteObject*'].map((action) => `Action::s3:${action}`),
      `Resource::arn:aws:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-${configOf(this).region}/*`,
      `Resource::${bucketReference(bucket)}/*`,
    ];
    Validations.of(role).acknowledge(
      ...findings.map((finding) => ({
        id: `AwsSolutions-IAM5[${finding}]`,
        reason:
          'It reads the files that the CDK uploaded, and writes those of the site: all of either, and nothing else.',
      })),
    );
    return role;
  }

  /** The function is the CDK's own, with the runtime it was made for. */
  private acknowledgeFindings(): void {
    const copier = Stack.of(this).node.children.find(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'));
    if (!copier) throw new Error('The CDK no longer makes Custom::CDKBucketDeployment: nobody would copy the site');
    const runtime = 'The CDK brings the function along, with the runtime its code is for.';
    const onlyDeployments = 'CloudFormation alone calls it, while it deploys, and rolls back what failed.';
    Validations.of(copier).acknowledge(
      { id: 'AwsSolutions-L1', reason: runtime },
      { id: 'Serverless-LambdaLatestVersion', reason: runtime },
      { id: 'Serverless-LambdaDLQ', reason: onlyDeployments },
      { id: 'Serverless-LambdaTracing', reason: onlyDeployments },
    );
  }
}

/** As cdk-nag writes it. */
const bucketReference = (bucket: IBucket): string => {
  const resource = bucket.node.defaultChild as CfnBucket;
  return `<${Stack.of(bucket).getLogicalId(resource)}.Arn>`;
};
