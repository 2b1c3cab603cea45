import { describe, expect, test } from '@jest/globals';
import { GUIDES } from '../../dashboard/developers/content.ts';
import { stageConfig } from '../../infra/config.ts';
import { buildDistribution } from '../../local/edge/distribution.ts';
import { ROUTES } from '../../shared/routes.ts';
import { rawResources, synthesized } from './synthesized.ts';

const prod = synthesized('prod');
const { of } = prod.deployment;
const [distribution] = of('AWS::CloudFront::Distribution');
const { CacheBehaviors, DefaultCacheBehavior, Origins } = distribution!.properties.DistributionConfig;
const behaviors = buildDistribution(prod.deployment);
const behaviorOf = (path: string) => behaviors.find((behavior) => behavior.path.test(path))!;

describe('the bucket', () => {
  const [[, bucket] = []] = rawResources(prod, 'AWS::S3::Bucket').filter(([id]) => id in prod.stacks.site!);

  test('is private and encrypted', () => {
    expect(bucket?.Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: { ServerSideEncryptionConfiguration: [expect.anything()] },
    });
  });

  test('is read by this distribution alone, and by nobody without TLS', () => {
    const policy = Object.values(prod.stacks.site!).find(({ Type }) => Type === 'AWS::S3::BucketPolicy');
    const document = policy!.Properties!.PolicyDocument as { Statement: Record<string, unknown>[] };
    const allowed = document.Statement.filter(({ Effect, Principal }) => {
      return Effect === 'Allow' && JSON.stringify(Principal).includes('cloudfront.amazonaws.com');
    });
    expect(allowed.length).toBeGreaterThan(0);
    for (const { Condition } of allowed) {
      expect(JSON.stringify(Condition)).toMatch(/AWS:SourceArn.*:distribution\/.*"Ref":"Distribution/);
    }
    expect(document.Statement).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });
});

describe('the distribution', () => {
  test('serves nothing without TLS', () => {
    for (const { ViewerProtocolPolicy } of [...CacheBehaviors, DefaultCacheBehavior]) {
      expect(['https-only', 'redirect-to-https']).toContain(ViewerProtocolPolicy);
    }
    for (const origin of Origins) {
      if (origin.CustomOriginConfig === undefined) continue;
      expect(origin.CustomOriginConfig).toMatchObject({
        OriginProtocolPolicy: 'https-only',
        OriginSSLProtocols: ['TLSv1.2'],
      });
    }
  });

  test.each(ROUTES.map(({ method, path }) => [method, `/api${path}`] as const))(
    '%s %s goes to the API',
    (method, path) => {
      const behavior = behaviorOf(path);
      expect([behavior.origin.kind, behavior.methods.has(method)]).toEqual(['api', true]);
    },
  );

  test.each(['/', '/developers', '/developers/errors/rate_limited', '/llms.txt', '/app', '/app/settings/api-keys'])(
    '%s is a file, read only, with every header that keeps a page safe',
    (path) => {
      const { origin, methods, headers } = behaviorOf(path);
      expect([origin.kind, ...methods]).toEqual(['files', 'GET', 'HEAD']);
      expect(headers).toMatchObject({
        'Content-Security-Policy': expect.stringMatching(
          /^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'$/,
        ),
        'Strict-Transport-Security': 'max-age=63072000',
        'X-Content-Type-Options': 'nosniff',
        'X-Frame-Options': 'DENY',
        'Referrer-Policy': 'strict-origin-when-cross-origin',
      });
    },
  );

  test('styles in the page are for the app alone, and scripts in the page for nobody', () => {
    const policies = ['/developers', '/app'].map((path) => behaviorOf(path).headers['Content-Security-Policy']);
    expect(policies.map((policy) => policy?.includes("style-src 'self' 'unsafe-inline'"))).toEqual([false, true]);
    for (const policy of policies) expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  });

  test('the app may ask below the addresses it signs in at: a source with a path needs the slash', () => {
    const [, sources = ''] =
      /connect-src ([^;]+)/.exec(behaviorOf('/app').headers['Content-Security-Policy'] ?? '') ?? [];
    const addresses = sources.split(' ').filter((source) => source.startsWith('http'));
    expect(addresses.length).toBeGreaterThanOrEqual(2);
    expect(addresses.filter((address) => new URL(address).pathname !== '/' && !address.endsWith('/'))).toEqual([]);
  });
});

describe('addresses', () => {
  test.each([
    ['/developers', '/developers/index.html'],
    ['/developers/', '/developers/index.html'],
    ['/developers/errors/rate_limited', '/developers/errors/rate_limited.html'],
    ['/developers/errors/rate_limited.md', '/developers/errors/rate_limited.md'],
    ['/llms.txt', '/llms.txt'],
    ['/app', '/app/index.html'],
    ['/app/', '/app/index.html'],
    ['/app/whatsapp/messages/wamid.HBgLMTU1NTAxMDA', '/app/index.html'],
    ['/app/config.json', '/app/config.json'],
    ['/app/assets/index-1a2b3c.js', '/app/assets/index-1a2b3c.js'],
  ])('%s is the file %s', (path, uri) => {
    expect(behaviorOf(path).rewrite!({ method: 'GET', uri: path })).toEqual({ uri });
  });

  test('every page of the build has its address, and every other is answered with 404 and a page', () => {
    const files = behaviorOf('/developers').origin as Extract<(typeof behaviors)[number]['origin'], { kind: 'files' }>;
    const pages = [...files.files.keys()].filter((key) => key.startsWith('developers/') && key.endsWith('.html'));
    expect(pages.length).toBeGreaterThan(40);
    const rewrite = (uri: string) => behaviorOf(uri).rewrite!({ method: 'GET', uri });
    const addresses = pages.map((page) => `/${page.replace(/(\/index)?\.html$/, '')}`);
    expect(addresses.map(rewrite)).toEqual(pages.map((page) => ({ uri: `/${page}` })));
    for (const address of ['/developers/nothing', '/developers/errors/nothing', '/pricing']) {
      expect(rewrite(address)).toEqual({
        status: 404,
        headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
        body: expect.stringContaining('There is no page at this address'),
      });
    }
    expect(files.files.has('developers/style.css')).toBe(true);
  });

  test('the root leads to the developer page', () => {
    expect(behaviorOf('/').rewrite!({ method: 'GET', uri: '/' })).toEqual({
      status: 302,
      headers: { location: '/developers', 'cache-control': 'no-cache' },
    });
  });
});

describe('files', () => {
  const { origin } = behaviorOf('/developers');
  const files = origin.kind === 'files' ? origin.files : new Map();

  test('assets are kept for ever, by names that change with them; everything else is asked for each time', () => {
    expect(files.size).toBeGreaterThan(1);
    for (const [key, { cacheControl }] of files) {
      const isAsset = key.includes('/assets/');
      expect([key, cacheControl]).toEqual([key, isAsset ? 'public, max-age=31536000, immutable' : 'no-cache']);
    }
  });

  test('pages come after the assets they ask for', () => {
    const [[, pages] = []] = rawResources(prod, 'Custom::CDKBucketDeployment').filter(([id]) =>
      id.startsWith('FilesPages'),
    );
    expect(pages).toMatchObject({ DependsOn: expect.arrayContaining([expect.stringMatching(/^FilesAssetsCustom/)]) });
  });

  test('the app is told of its stage', () => {
    expect(JSON.parse(String(files.get('app/config.json')?.body))).toMatchObject({ api_base: '/api', stage: 'prod' });
  });
});

describe('what the local edge does not know is an error that names it', () => {
  type Distribution = NonNullable<typeof distribution>;
  const changed = (change: (config: Distribution['properties']['DistributionConfig']) => void) => {
    const copy = structuredClone(distribution!);
    change(copy.properties.DistributionConfig);
    const deployment = {
      ...prod.deployment,
      of: ((type: Parameters<typeof of>[0]) =>
        type === 'AWS::CloudFront::Distribution' ? [copy] : of(type)) as unknown as typeof of,
    };
    return () => buildDistribution(deployment);
  };

  test.each([
    ['a cache policy', /knows no cache policy other/, 'CachePolicyId'],
    ['an origin', /there is no origin other/, 'TargetOriginId'],
    ['a headers policy', /there is no response headers policy other/, 'ResponseHeadersPolicyId'],
  ] as const)('%s', (_what, message, property) => {
    expect(
      changed((config) => {
        config.DefaultCacheBehavior[property] = 'other';
      }),
    ).toThrow(message);
  });

  test('a host', () => {
    expect(
      changed(({ Origins: [first] }) => {
        first!.DomainName = 'elsewhere.example';
      }),
    ).toThrow('knows no origin elsewhere.example');
  });
});

test('the limits on the page are those of the stage that tenants use', () => {
  const { limits } = stageConfig('prod');
  const [requests, codes, pair, number] = GUIDES.flatMap(({ id, blocks }) => (id === 'limits' ? blocks : []))
    .flatMap((block) => (block.kind === 'table' ? block.rows : []))
    .map(([, value]) => value);
  expect(requests).toContain(`${limits.keyRequestsPerMinute} a minute`);
  expect(codes).toBe(`${limits.otpPerTenMinutes} in 10 minutes, ${limits.otpPerDay} in a day`);
  expect(pair).toContain(`${limits.pairBurst} at once`);
  expect(number).toContain(`${limits.numberMessagesPerSecond} a second`);
});
