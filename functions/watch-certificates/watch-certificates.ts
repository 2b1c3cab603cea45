import type { Now } from '../../shared/clock.ts';
import { logger } from '../../shared/logger.ts';
import { count } from '../../shared/metrics.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** ACM renews 60 days before the end; what has fewer days left than this, it could not renew. */
const LEAST_DAYS = 30;

type Deps = {
  urls: readonly string[];
  /** Until when callers of this address take its certificate, milliseconds since 1970. */
  servedUntil: (url: URL) => Promise<number>;
  now: Now;
};

/**
 * Looks at the certificates that callers see, whoever issued them and wherever they are kept: CloudFront's is in another
 * region than its alarms would be, and a metric of ACM's says nothing of what is served.
 * @throws when an address does not answer, after the others were looked at
 */
export const watchCertificates =
  ({ urls, servedUntil, now }: Deps) =>
  async (): Promise<void> => {
    const failures: unknown[] = [];
    // On one machine nothing is served over TLS.
    for (const url of urls.map((one) => new URL(one)).filter(({ protocol }) => protocol === 'https:')) {
      try {
        const daysLeft = Math.floor(((await servedUntil(url)) - now()) / DAY_MS);
        logger.info('certificate.checked', { host: url.host, days_left: daysLeft });
        if (daysLeft < LEAST_DAYS) count('CertificateExpiring');
      } catch (cause) {
        failures.push(new Error(`${url.host} could not be looked at`, { cause }));
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('; '));
  };
