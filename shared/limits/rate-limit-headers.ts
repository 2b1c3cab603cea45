/**
 * `RateLimit` and `RateLimit-Policy` of draft-ietf-httpapi-ratelimit-headers-10: what is left of which limit.
 * @param name of the policy, e.g. `key`
 */
export function rateLimitHeaders(
  name: string,
  policy: { quota: number; windowSeconds: number },
  state: { remaining: number; resetSeconds: number },
): Record<string, string> {
  return {
    'RateLimit-Policy': `"${name}";q=${policy.quota};w=${policy.windowSeconds}`,
    RateLimit: `"${name}";r=${state.remaining};t=${state.resetSeconds}`,
  };
}
