import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { ApiFunction } from '../constructs/api-function.ts';
import { useConnectionSecrets, useQueue, useTable } from '../constructs/grants.ts';
import { runEvery } from '../constructs/run-every.ts';
import type { DataStack } from './data-stack.ts';
import type { DeliveryStack } from './delivery-stack.ts';
import { StageStack } from './stage-stack.ts';

/** How soon a send whose function died is found. Each run reads what was sent since the last: docs/adr/0006. */
const SWEEP_EVERY = Duration.minutes(5);

/** Webhooks keep the templates fresh; what one of them did not tell is at most this old. A listing is 1 of 5,000 calls an hour. */
const SYNC_EVERY = Duration.hours(6);

/** Two weeks before a token ends its tenant hears of it: a day more or less makes no difference. */
const WATCH_TOKENS_EVERY = Duration.days(1);

/** A month before a certificate ends somebody hears of it. */
const WATCH_CERTIFICATES_EVERY = Duration.days(1);

/** Jobs that run by the clock and look after what requests left behind. */
export class UpkeepStack extends StageStack {
  /** @param apiUrl as callers know it */
  constructor(
    scope: Construct,
    id: string,
    config: StageConfig,
    data: DataStack,
    delivery: DeliveryStack,
    apiUrl: string,
  ) {
    super(scope, id, config);
    const sweepSends = new ApiFunction(this, 'SweepSends', {
      name: 'sweep-sends',
      impact: 'sends whose function died stay without an outcome in history, and tenants are told of it late',
      timeout: SWEEP_EVERY,
    });
    useTable(sweepSends, 'BRANDS_TABLE_NAME', data.brands, ['Scan']);
    useTable(sweepSends, 'CHECKPOINTS_TABLE_NAME', data.checkpoints, ['GetItem', 'PutItem']);
    useTable(sweepSends, 'CONNECTIONS_TABLE_NAME', data.connections, ['GetItem'], ['byBrand', 'byPhoneNumberId']);
    useTable(sweepSends, 'IDEMPOTENCY_TABLE_NAME', data.idempotency, ['UpdateItem']);
    useTable(sweepSends, 'MESSAGES_TABLE_NAME', data.messages, ['Query', 'UpdateItem']);
    useQueue(sweepSends, 'DELIVERIES_QUEUE_URL', delivery.deliveries);

    runEvery(
      this,
      'SweepSendsRule',
      sweepSends,
      SWEEP_EVERY,
      'A run that did not start is made up for by the next one, which starts from the same checkpoint.',
    );
    this.syncTemplates(data);
    this.watchTokens(data, delivery);
    this.watchCertificates(apiUrl);
  }

  private watchCertificates(apiUrl: string): void {
    const { siteUrl, siteCertificateArn } = this.config;
    // Without a certificate of its own the site is under CloudFront's name, and has CloudFront's.
    const urls = [apiUrl, ...(siteCertificateArn ? [siteUrl] : [])];
    const fn = new ApiFunction(this, 'WatchCertificates', {
      name: 'watch-certificates',
      impact: 'nobody hears that a certificate ends, until every caller refuses it',
      timeout: Duration.minutes(1),
      environment: { WATCHED_URLS: urls.join(',') },
    });
    runEvery(
      this,
      'WatchCertificatesRule',
      fn,
      WATCH_CERTIFICATES_EVERY,
      'A run that did not start is made up for by the next one, a day later of thirty.',
    );
  }

  private watchTokens(data: DataStack, delivery: DeliveryStack): void {
    const { meta } = this.config;
    const fn = new ApiFunction(this, 'WatchTokens', {
      name: 'watch-tokens',
      impact: 'tenants are not told that their access token at Meta ends, and find out by sends that are refused',
      timeout: Duration.minutes(15),
      environment: {
        META_APP_ID: meta.appId,
        META_GRAPH_URL: meta.graphUrl,
        META_GRAPH_VERSION: meta.graphVersion,
        META_TIMEOUT_MS: String(meta.timeoutMs),
      },
    });
    useTable(fn, 'CHECKPOINTS_TABLE_NAME', data.checkpoints, ['GetItem', 'PutItem']);
    useTable(fn, 'CONNECTIONS_TABLE_NAME', data.connections, ['Scan', 'UpdateItem']);
    useQueue(fn, 'INBOUND_EVENTS_QUEUE_URL', delivery.inboundEvents);
    useConnectionSecrets(fn);
    runEvery(
      this,
      'WatchTokensRule',
      fn,
      WATCH_TOKENS_EVERY,
      'A run that did not start is made up for by the next one, which goes on where the last one ended.',
    );
  }

  private syncTemplates(data: DataStack): void {
    const { meta } = this.config;
    const fn = new ApiFunction(this, 'SyncTemplates', {
      name: 'sync-templates',
      impact: 'templates that Meta changed without telling are sent, or refused, as they were',
      timeout: Duration.minutes(15),
      environment: {
        META_GRAPH_URL: meta.graphUrl,
        META_GRAPH_VERSION: meta.graphVersion,
        META_TIMEOUT_MS: String(meta.timeoutMs),
      },
    });
    useTable(fn, 'CHECKPOINTS_TABLE_NAME', data.checkpoints, ['GetItem', 'PutItem']);
    useTable(fn, 'CONNECTIONS_TABLE_NAME', data.connections, ['Scan']);
    useTable(fn, 'TEMPLATES_TABLE_NAME', data.templates, ['Query', 'PutItem', 'DeleteItem']);
    useConnectionSecrets(fn);
    runEvery(
      this,
      'SyncTemplatesRule',
      fn,
      SYNC_EVERY,
      'A run that did not start is made up for by the next one, which goes on where the last one ended.',
    );
  }
}
