/** What `account.updated` tells of. */
export const ACCOUNT_CHANGES = [
  'account',
  'phone_number_quality',
  'phone_number_name',
  'capability',
  'review',
  'alert',
  'security',
  'error',
  'token',
] as const;
