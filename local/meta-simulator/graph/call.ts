import type { Account } from '../accounts.ts';
import type { AccessToken } from '../tokens.ts';

/** One authenticated call. */
export type GraphCall = {
  account: Account;
  /** What it was authenticated with; null for the app's own token. */
  token: AccessToken | null;
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  /** Parsed JSON; undefined when there was none. */
  body: unknown;
  rawBody: Buffer;
  contentType: string;
};
