/** Our API keys and signing secrets, and Meta's tokens: what is a secret wherever it stands. */
export const SECRET = /qxs_(?:test_)?[0-9A-Za-z]{40}|whsec_[A-Za-z0-9+/]{20}|\bEAA[0-9A-Za-z]{20}/;

/** For `refine` of what people write and everybody of their organisation reads, in lists and in the audit log. */
export const withoutSecret = [
  (value: string) => !SECRET.test(value),
  'This looks like an API key, a signing secret or a token. Whoever it was shown to by mistake: replace it.',
] as const;
