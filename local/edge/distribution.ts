import type { Deployment, Resource } from '../template/deployment.ts';
import { type BucketFiles, filesOfBuckets, pattern } from './bucket-files.ts';
import { type ViewerFunction, viewerFunction } from './viewer-function.ts';

/** AWS's own policies, by their ids. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html */
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const CACHING_OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6';
const ALL_VIEWER_EXCEPT_HOST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

type Config = Resource<'AWS::CloudFront::Distribution'>['properties']['DistributionConfig'];

/** What is done with the requests whose path fits. */
export type Behavior = {
  path: RegExp;
  methods: ReadonlySet<string>;
  rewrite: ViewerFunction | undefined;
  /** Put on every answer, over what the origin says. */
  headers: Readonly<Record<string, string>>;
  isCompressed: boolean;
  origin: { kind: 'files'; files: BucketFiles } | { kind: 'api' };
};

/**
 * The distribution of the templates: the behaviors in the order in which they are tried, the default last.
 * @throws naming whatever in it is not emulated
 */
export function buildDistribution(deployment: Deployment): Behavior[] {
  const [distribution, ...others] = deployment.of('AWS::CloudFront::Distribution');
  if (!distribution || others.length > 0)
    throw new Error('The local edge serves one distribution, not more and not none');
  const { stack, logicalId, properties } = distribution;
  const config = properties.DistributionConfig;
  const buckets = filesOfBuckets(deployment);
  const origins = new Map(config.Origins.map((origin) => [origin.Id, originOf(origin, deployment, buckets)]));
  const functions = new Map(
    deployment
      .of('AWS::CloudFront::Function')
      .map((fn) => [functionArn(fn, deployment), viewerFunction(fn.name, fn.properties.FunctionCode)]),
  );
  const policies = new Map(
    deployment.of('AWS::CloudFront::ResponseHeadersPolicy').map((policy) => [policy.ref, headersOf(policy)]),
  );
  const find = <T>(from: ReadonlyMap<string, T>, key: string, what: string): T => {
    const found = from.get(key);
    if (found === undefined) throw new Error(`${stack} ${logicalId}: there is no ${what} ${key}`);
    return found;
  };
  const defaultBehavior = { PathPattern: '*', ...config.DefaultCacheBehavior };
  return [...config.CacheBehaviors, defaultBehavior].map((behavior) => {
    const origin = find(origins, behavior.TargetOriginId, 'origin');
    const { CachePolicyId: cache, OriginRequestPolicyId: forwarded, ResponseHeadersPolicyId: headers } = behavior;
    const isKnown =
      origin.kind === 'files'
        ? cache === CACHING_OPTIMIZED && forwarded === undefined
        : cache === CACHING_DISABLED && forwarded === ALL_VIEWER_EXCEPT_HOST;
    if (!isKnown) {
      throw new Error(
        `${stack} ${logicalId}, ${behavior.PathPattern}: the local edge knows no cache policy ${cache} with the origin request policy ${forwarded ?? 'none'}`,
      );
    }
    const [association] = behavior.FunctionAssociations;
    return {
      path: pattern(behavior.PathPattern),
      methods: new Set<string>(behavior.AllowedMethods),
      rewrite: association ? find(functions, association.FunctionARN, 'function') : undefined,
      headers: headers === undefined ? {} : find(policies, headers, 'response headers policy'),
      isCompressed: behavior.Compress,
      origin,
    };
  });
}

const functionArn = ({ name }: Resource<'AWS::CloudFront::Function'>, { place }: Deployment): string =>
  `arn:aws:cloudfront:${place.region}:${place.account}:function/${name}`;

/** By the host: a bucket of the templates, or one of their APIs. */
function originOf(
  { DomainName }: Config['Origins'][number],
  deployment: Deployment,
  buckets: ReadonlyMap<string, BucketFiles>,
): Behavior['origin'] {
  const [name = '', service = ''] = DomainName.split('.');
  const files = service === 's3' ? buckets.get(name) : undefined;
  if (files) return { kind: 'files', files };
  const isApi = deployment.of('AWS::ApiGateway::RestApi').some((api) => api.ref === name);
  if (service === 'execute-api' && isApi) return { kind: 'api' };
  throw new Error(`The local edge knows no origin ${DomainName}`);
}

function headersOf({ properties }: Resource<'AWS::CloudFront::ResponseHeadersPolicy'>): Record<string, string> {
  const { SecurityHeadersConfig: security, CustomHeadersConfig: custom } = properties.ResponseHeadersPolicyConfig;
  const transport = security.StrictTransportSecurity;
  const headers = {
    'Content-Security-Policy': security.ContentSecurityPolicy?.ContentSecurityPolicy,
    'X-Content-Type-Options': security.ContentTypeOptions && 'nosniff',
    'X-Frame-Options': security.FrameOptions?.FrameOption,
    'Referrer-Policy': security.ReferrerPolicy?.ReferrerPolicy,
    'Strict-Transport-Security':
      transport &&
      [
        `max-age=${transport.AccessControlMaxAgeSec}`,
        ...(transport.IncludeSubdomains ? ['includeSubDomains'] : []),
        ...(transport.Preload ? ['preload'] : []),
      ].join('; '),
    ...Object.fromEntries(custom.Items.map(({ Header, Value }) => [Header, Value])),
  };
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
