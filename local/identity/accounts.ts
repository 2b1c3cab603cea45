// Nobody has a password here: who says they are an address, is. The account's id, the `sub` of their tokens, is made of
// the address and read back from it.

const PREFIX = 'local-';

export const accountOf = (email: string): string => PREFIX + Buffer.from(email.toLowerCase()).toString('base64url');

export const emailOf = (accountId: string): string =>
  Buffer.from(accountId.slice(PREFIX.length), 'base64url').toString('utf8');
