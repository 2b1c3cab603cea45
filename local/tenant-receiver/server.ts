import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';

export type TenantReceiverOptions = {
  /** 0 takes any free port. */
  port: number;
  clock: Pick<Clock, 'now'>;
  /** Tables are made when missing; they start with `receiver_`. */
  database: DatabaseSync;
};

export type TenantReceiver = {
  /** Where events are posted: `http://127.0.0.1:PORT/webhooks/quixess`. */
  url: string;
  origin: string;
  /** The `whsec_…` secret as shown to the tenant. Kept over restarts. */
  setSecret(secret: string): void;
  stop(): Promise<void>;
};

/** A tenant's backend: takes events, verifies both signature schemes on its own, and misbehaves when told. */
export async function startTenantReceiver(options: TenantReceiverOptions): Promise<TenantReceiver> {
  throw new Error(`not built yet (port ${options.port})`);
}
