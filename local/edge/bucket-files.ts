import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Deployment, Resource } from '../template/deployment.ts';

/** An object of the site's bucket. */
export type SiteFile = { body: Buffer; contentType: string; cacheControl: string | undefined; etag: string };

/** Object key → object. */
export type BucketFiles = ReadonlyMap<string, SiteFile>;

/** As the AWS command line guesses, by the end of the name; what it would not know, S3 calls bytes. */
const TYPES: Record<string, string> = {
  css: 'text/css',
  html: 'text/html',
  ico: 'image/vnd.microsoft.icon',
  js: 'text/javascript',
  json: 'application/json',
  map: 'application/octet-stream',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  webmanifest: 'application/manifest+json',
  woff2: 'font/woff2',
};

/**
 * What the deployments of the templates put into each bucket, in their order.
 * @returns bucket name → files
 */
export function filesOfBuckets(deployment: Deployment): Map<string, Map<string, SiteFile>> {
  const buckets = new Map<string, Map<string, SiteFile>>();
  for (const resource of deployment.of('Custom::CDKBucketDeployment')) {
    const name = resource.properties.DestinationBucketName;
    const files = buckets.get(name) ?? new Map<string, SiteFile>();
    for (const [key, file] of deployedBy(resource, deployment.assets)) files.set(key, file);
    buckets.set(name, files);
  }
  return buckets;
}

function* deployedBy(
  { stack, logicalId, properties }: Resource<'Custom::CDKBucketDeployment'>,
  assets: Deployment['assets'],
): Generator<[string, SiteFile]> {
  const { SourceObjectKeys, SourceMarkers, SystemMetadata, Exclude, Include } = properties;
  const isMeant = filter(Exclude, Include);
  for (const [index, assetKey] of SourceObjectKeys.entries()) {
    const folder = assets.get(assetKey);
    if (!folder) throw new Error(`${stack} ${logicalId}: no asset has the key ${assetKey}`);
    for (const key of keysIn(folder).filter(isMeant)) {
      const body = withMarkers(readFileSync(path.join(folder, key)), SourceMarkers[index] ?? {});
      yield [
        key,
        {
          body,
          contentType:
            SystemMetadata['content-type'] ?? TYPES[path.extname(key).slice(1)] ?? 'application/octet-stream',
          cacheControl: SystemMetadata['cache-control'],
          etag: `"${createHash('md5').update(body).digest('hex')}"`,
        },
      ];
    }
  }
}

const keysIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));

function withMarkers(body: Buffer, markers: Record<string, string>): Buffer {
  if (Object.keys(markers).length === 0) return body;
  let text = body.toString();
  // The markers stand inside of JSON texts: jsonEscape.
  for (const [marker, value] of Object.entries(markers)) {
    text = text.replaceAll(marker, () => JSON.stringify(value).slice(1, -1));
  }
  return Buffer.from(text);
}

/** `aws s3 sync --exclude … --include …`: a star also stands for slashes, and the last that fits decides. */
function filter(exclude: readonly string[], include: readonly string[]): (key: string) => boolean {
  const excluded = exclude.map(pattern);
  const included = include.map(pattern);
  return (key) => included.some((one) => one.test(key)) || !excluded.some((one) => one.test(key));
}

/** A pattern with `*` and `?`, of CloudFront's paths and of the AWS command line alike. */
export const pattern = (text: string): RegExp =>
  new RegExp(
    `^${text
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
