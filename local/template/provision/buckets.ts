import type { AwsServer } from '../../aws/server.ts';
import type { Deployment } from '../deployment.ts';

/** Buckets need not be made; only what their rules delete has to be known. */
export function provisionBuckets(deployment: Deployment, s3: AwsServer['s3']): void {
  for (const { name, properties } of deployment.of('AWS::S3::Bucket')) {
    for (const { ExpirationInDays } of properties.LifecycleConfiguration?.Rules ?? []) {
      if (ExpirationInDays !== undefined) s3.expireAfter(name, ExpirationInDays);
    }
  }
}
