import type { Account } from '../accounts.ts';

/** One authenticated call. */
export type GraphCall = {
  account: Account;
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  /** Parsed JSON; undefined when there was none. */
  body: unknown;
  rawBody: Buffer;
  contentType: string;
};
