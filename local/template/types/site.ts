import * as z from 'zod';
import { arn, type Identity, implemented } from '../resource-type.ts';

const ignored = z.unknown().optional();

const Methods = z.array(z.enum(['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE']));

/** What CloudFront does with the requests whose path fits. */
const behavior = {
  TargetOriginId: z.string(),
  ViewerProtocolPolicy: z.enum(['allow-all', 'https-only', 'redirect-to-https']),
  AllowedMethods: Methods,
  CachedMethods: ignored,
  /** Whether text is compressed on its way to the browser. */
  Compress: z.boolean(),
  CachePolicyId: z.string(),
  OriginRequestPolicyId: z.string().optional(),
  ResponseHeadersPolicyId: z.string().optional(),
  FunctionAssociations: z
    .array(z.strictObject({ EventType: z.literal('viewer-request'), FunctionARN: z.string() }))
    .max(1)
    .default([]),
};

const Origin = z.strictObject({
  Id: z.string(),
  DomainName: z.string(),
  // Loopback speaks plain HTTP, and its buckets ask nobody who he is.
  S3OriginConfig: ignored,
  OriginAccessControlId: ignored,
  CustomOriginConfig: ignored,
});

export const Distribution = implemented({
  ref: ({ logicalId }) => logicalId,
  attributes: { Id: ({ logicalId }) => logicalId, DomainName: ({ name }: Identity) => `${name}.cloudfront.net` },
  properties: z.strictObject({
    DistributionConfig: z.strictObject({
      Enabled: z.literal(true),
      DefaultCacheBehavior: z.strictObject(behavior),
      CacheBehaviors: z.array(z.strictObject({ PathPattern: z.string(), ...behavior })).default([]),
      Origins: z.array(Origin),
      Comment: ignored,
      // How the edge is reached from the internet, and what that costs.
      Aliases: ignored,
      ViewerCertificate: ignored,
      HttpVersion: ignored,
      IPV6Enabled: ignored,
      PriceClass: ignored,
      WebACLId: ignored,
      Logging: ignored,
    }),
    Tags: ignored,
  }),
});

export const ViewerFunction = implemented({
  nameProperty: 'Name',
  ref: ({ name }) => name,
  attributes: { FunctionARN: (identity) => arn(identity, 'cloudfront', `function/${identity.name}`) },
  properties: z.strictObject({
    Name: z.string(),
    AutoPublish: z.literal(true),
    FunctionCode: z.string(),
    FunctionConfig: z.strictObject({ Comment: ignored, Runtime: z.literal('cloudfront-js-2.0') }),
  }),
});

const Override = z.literal(true);

export const ResponseHeadersPolicy = implemented({
  ref: ({ logicalId }) => logicalId,
  attributes: { Id: ({ logicalId }) => logicalId },
  properties: z.strictObject({
    ResponseHeadersPolicyConfig: z.strictObject({
      Name: z.string(),
      Comment: ignored,
      SecurityHeadersConfig: z.strictObject({
        ContentSecurityPolicy: z.strictObject({ ContentSecurityPolicy: z.string(), Override }).optional(),
        ContentTypeOptions: z.strictObject({ Override }).optional(),
        FrameOptions: z.strictObject({ FrameOption: z.enum(['DENY', 'SAMEORIGIN']), Override }).optional(),
        ReferrerPolicy: z.strictObject({ ReferrerPolicy: z.string(), Override }).optional(),
        StrictTransportSecurity: z
          .strictObject({
            AccessControlMaxAgeSec: z.number(),
            IncludeSubdomains: z.boolean().default(false),
            Preload: z.boolean().default(false),
            Override,
          })
          .optional(),
      }),
      CustomHeadersConfig: z
        .strictObject({ Items: z.array(z.strictObject({ Header: z.string(), Value: z.string(), Override })) })
        .default({ Items: [] }),
    }),
  }),
});

/** The CDK's own resource, whose function unpacks assets into a bucket. */
export const BucketDeployment = implemented({
  ref: ({ logicalId }) => logicalId,
  attributes: {},
  properties: z.strictObject({
    ServiceToken: ignored,
    SourceBucketNames: ignored,
    SourceObjectKeys: z.array(z.string()),
    /** Texts in the files of each source, and what takes their place. */
    SourceMarkers: z.array(z.record(z.string(), z.string())).default([]),
    SourceMarkersConfig: z.array(z.strictObject({ jsonEscape: z.boolean().optional() })).default([]),
    DestinationBucketName: z.string(),
    /** As `aws s3 sync` takes them: all of the one kind first, and the last that fits decides. */
    Exclude: z.array(z.string()).default([]),
    Include: z.array(z.string()).default([]),
    SystemMetadata: z
      .strictObject({ 'cache-control': z.string().optional(), 'content-type': z.string().optional() })
      .default({}),
    // The bucket begins empty at every start.
    Prune: ignored,
    OutputObjectKeys: ignored,
    WaitForDistributionInvalidation: ignored,
  }),
});
