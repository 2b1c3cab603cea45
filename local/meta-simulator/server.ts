import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';

export type MetaSimulatorOptions = {
  /** 0 takes any free port. */
  port: number;
  clock: Pick<Clock, 'now' | 'setTimeout'>;
  /** Tables are made when missing; they start with `meta_`. */
  database: DatabaseSync;
  /** Such as `v26.0`; other versions are refused. */
  graphVersion: string;
};

/** A template in the shape Graph's REST API shows it, with all fields. */
export type GraphTemplate = {
  id: string;
  name: string;
  language: string;
  status: string;
  category: string;
  parameter_format: 'POSITIONAL' | 'NAMED';
  components: unknown[];
  rejected_reason: string;
  quality_score: { score: string; date: number };
  /** Unix seconds. */
  last_updated_time: number;
  message_send_ttl_seconds?: number;
};

export type MetaSimulator = {
  /** Base of the Graph API without the version: `http://127.0.0.1:PORT`. */
  url: string;
  appId: string;
  appSecret: string;
  verifyToken: string;
  phoneNumberId: string;
  wabaId: string;
  displayPhoneNumber: string;
  accessToken: string;
  templates: GraphTemplate[];
  /** Where webhooks go. Kept over restarts; until it is set they wait. */
  setWebhookUrl(url: string): void;
  stop(): Promise<void>;
};

/** Meta's WhatsApp Cloud API on loopback, as strict as its documentation. */
export async function startMetaSimulator(options: MetaSimulatorOptions): Promise<MetaSimulator> {
  throw new Error(`not built yet (port ${options.port})`);
}
