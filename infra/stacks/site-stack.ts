import { CfnOutput, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AccessLevel,
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  HttpVersion,
  OriginRequestPolicy,
  PriceClass,
  type ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { EXTERNAL_PREFIX, PUBLIC_ROOT } from '../../shared/routes.ts';
import type { StageConfig } from '../config.ts';
import { apiOrigin } from '../constructs/api-origin.ts';
import { SiteFiles } from '../constructs/site-files.ts';
import { SiteHeaders } from '../constructs/site-headers.ts';
import { SitePaths } from '../constructs/site-paths.ts';
import { resourceName, StageStack } from './stage-stack.ts';

/** Who signs people in, as the browser has to know it. */
export type Identity = {
  /** The OIDC issuer, no slash at the end. */
  issuer: string;
  clientId: string;
  /** Origins the app calls while it signs in, besides the issuer's own. */
  origins: readonly string[];
};

export type SiteProps = {
  externalApi: RestApi;
  /** What people call; where absent, the external gateway answers for its paths that there is no such endpoint. */
  dashboardApi?: RestApi;
  identity?: Identity;
  /** The folder with the site's files. @default what `npm run build:site` writes */
  files?: string;
};

/** The developer page and the dashboard, and both APIs under the same host. */
export class SiteStack extends StageStack {
  constructor(
    scope: Construct,
    id: string,
    config: StageConfig,
    { externalApi, dashboardApi = externalApi, identity, files: folder }: SiteProps,
  ) {
    super(scope, id, config);
    const bucket = this.makeBucket();
    const headers = new SiteHeaders(this, 'Headers', identity);
    const paths = new SitePaths(this, 'Paths');
    // With the right to list, S3 answers 404 for what is not there; without, 403, as if it were a secret.
    const originAccessLevels = [AccessLevel.READ, AccessLevel.LIST];
    const origin = S3BucketOrigin.withOriginAccessControl(bucket, { originAccessLevels });
    const files = (responseHeadersPolicy: ResponseHeadersPolicy): BehaviorOptions => ({
      origin,
      responseHeadersPolicy,
      functionAssociations: paths.associations,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      compress: true,
    });
    const toExternal = callsOf(externalApi);
    const distribution = new Distribution(this, 'Distribution', {
      comment: resourceName(config, 'site'),
      ...this.domain(),
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      defaultBehavior: files(headers.developers),
      // CloudFront takes the first that matches.
      additionalBehaviors: {
        '/app': files(headers.app),
        '/app/*': files(headers.app),
        [`${PUBLIC_ROOT}${EXTERNAL_PREFIX}/*`]: toExternal,
        [`${PUBLIC_ROOT}/v1/whatsapp/webhook`]: toExternal,
        [`${PUBLIC_ROOT}/openapi.json`]: toExternal,
        [`${PUBLIC_ROOT}/*`]: callsOf(dashboardApi),
      },
    });
    this.acknowledgeFindings(distribution);
    new SiteFiles(this, 'Files', {
      bucket,
      folder,
      // The app is served beside the APIs: it calls its own host, and no browser asks first whether it may.
      appConfig: {
        api_base: PUBLIC_ROOT,
        authority: identity?.issuer,
        client_id: identity?.clientId,
        stage: config.name,
      },
    });
    const siteUrl = config.siteCertificateArn ? config.siteUrl : `https://${distribution.domainName}`;
    new CfnOutput(this, 'DevelopersUrl', { value: `${siteUrl}/developers` });
    const isElsewhere =
      'Sign-in works once this host is the one of -c siteUrl=…: deploy again with it (docs/deploy.md)';
    new CfnOutput(this, 'DashboardUrl', {
      value: `${siteUrl}/app`,
      ...(config.siteCertificateArn ? {} : { description: isElsewhere }),
    });
  }

  /** Holds what a build gives, and is made anew by the next deployment. */
  private makeBucket(): Bucket {
    const removalPolicy = RemovalPolicy.DESTROY;
    const bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy,
    });
    bucket.policy?.applyRemovalPolicy(removalPolicy);
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Only CloudFront reads it, and what it holds is public: the site, whose sources are in the repository.',
    });
    return bucket;
  }

  private domain() {
    const { siteUrl, siteCertificateArn } = this.config;
    if (!siteCertificateArn) return {};
    return {
      domainNames: [new URL(siteUrl).hostname],
      certificate: Certificate.fromCertificateArn(this, 'Certificate', siteCertificateArn),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
    };
  }

  private acknowledgeFindings(distribution: Distribution): void {
    Validations.of(distribution).acknowledge(
      {
        id: 'Annotation::@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk',
        reason: 'The root, which would list the bucket, never gets there: the function in front redirects it.',
      },
      {
        id: 'AwsSolutions-CFR1',
        reason: 'Developers read the documentation from everywhere.',
      },
      {
        id: 'AwsSolutions-CFR2',
        reason:
          'The gateways behind it have a firewall each; everything else is files that CloudFront has in its caches.',
      },
      {
        id: 'AwsSolutions-CFR3',
        reason:
          "CloudFront's log would hold the queries of API calls, which have phone numbers; the gateways log calls without.",
      },
    );
    if (this.config.siteCertificateArn) return;
    Validations.of(distribution).acknowledge({
      id: 'AwsSolutions-CFR4',
      reason: "Without a domain of the stage's own, CloudFront serves its own host name with its own certificate.",
    });
  }
}

/** Nothing is kept, and everything the caller said goes on but the host, by which API Gateway finds the API. */
const callsOf = (api: RestApi): BehaviorOptions => ({
  origin: apiOrigin(api),
  cachePolicy: CachePolicy.CACHING_DISABLED,
  originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
  allowedMethods: AllowedMethods.ALLOW_ALL,
  // Not a redirect: the key would have gone over the wire by then, and a POST would come back as a GET.
  viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
  compress: false,
});
