import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { Alarm } from './alarm.ts';

/** ACM renews 60 days before; what is left at 30 days, it could not renew. */
const LEAST_DAYS = 30;

/** Warns of a certificate that AWS does not renew, in time for somebody to find out why. */
export function addCertificateAlarm(
  scope: Construct,
  id: string,
  { name, certificateArn }: { name: string; certificateArn: string },
): void {
  new Alarm(scope, id, {
    name,
    article: 'certificate-expiry',
    impact: `nothing yet; in less than ${LEAST_DAYS} days every caller refuses our certificate`,
    metric: new Metric({
      namespace: 'AWS/CertificateManager',
      metricName: 'DaysToExpiry',
      dimensionsMap: { CertificateArn: certificateArn },
      statistic: 'Minimum',
      period: Duration.days(1),
    }),
    threshold: LEAST_DAYS,
    isFloor: true,
  });
}
