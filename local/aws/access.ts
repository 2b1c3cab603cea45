import type { Iam } from './iam.ts';
import { AwsError } from './wire.ts';

/** Checks callers against IAM and answers refusals in AWS's words. */
export function createAccess(iam: Iam, account: string, log: (line: string) => void) {
  return {
    /** Name of the caller. @throws UnrecognizedClientException for an access key id nobody registered */
    principal(accessKeyId: string): string {
      const name = iam.principalName(accessKeyId);
      if (name === undefined)
        throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.');
      return name;
    },
    /** @throws AccessDeniedException in AWS's words, after logging one line */
    authorize(accessKeyId: string, action: string, resourceArn: string): void {
      const decision = iam.check(accessKeyId, action, resourceArn);
      if (decision.outcome === 'allowed') return;
      const principal = this.principal(accessKeyId);
      const reason =
        decision.outcome === 'denied' && decision.isExplicit
          ? 'with an explicit deny in an identity-based policy'
          : `because no identity-based policy allows the ${action} action`;
      log(`iam.denied principal=${principal} action=${action} resource=${resourceArn}`);
      throw new AwsError(
        'AccessDeniedException',
        `User: arn:aws:sts::${account}:assumed-role/${principal} is not authorized to perform: ${action} on resource: ${resourceArn} ${reason}`,
      );
    },
  };
}
export type Access = ReturnType<typeof createAccess>;
