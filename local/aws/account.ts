/** Where the emulated resources live. Names appear in every ARN and queue URL. */
export type Account = { account: string; region: string };

/** Key id of people, tests and the stack itself: may do everything. The secret key is never looked at. */
export const ADMIN_ACCESS_KEY_ID = 'local-admin';
