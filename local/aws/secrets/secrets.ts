export type Secrets = {
  /**
   * Makes the secret, or leaves the one that is there with its value (so a template provisioned again keeps rotated
   * values). By name, an ARN is made with AWS's 6 random characters; by ARN, that ARN is used.
   */
  ensure(secret: { name: string; value: string } | { arn: string; value: string }): { arn: string; name: string };
  /** Current value by name, ARN or partial ARN; undefined when there is none. */
  value(secretId: string): string | undefined;
  /** A new current version. */
  put(secretId: string, value: string): void;
};
