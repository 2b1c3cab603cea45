/** An identity policy statement, resolved to plain JSON (no CloudFormation functions left). */
export type PolicyStatement = {
  Sid?: string;
  Effect: string;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: Record<string, Record<string, unknown>>;
};
/** `unknownKey`: nobody registered this access key id. */
export type Decision =
  | { outcome: 'allowed'; principal: string }
  | { outcome: 'denied'; principal: string; message: string }
  | { outcome: 'unknownKey' };
/** Values of condition keys, e.g. `dynamodb:LeadingKeys`. */
export type RequestContext = Record<string, string[]>;
/** Parts of an Allow statement that no call needed so far. */
export type UnusedGrant = {
  principal: string;
  statement: number;
  sid?: string;
  actions: string[];
  resources: string[];
};
export type Iam = {
  /** Registers, or replaces, what an access key may do. Throws on anything it would not honour, naming it. */
  register(accessKeyId: string, principalName: string, statements: PolicyStatement[]): void;
  check(accessKeyId: string, action: string, resourceArn: string, context?: RequestContext): Decision;
  unusedGrants(): UnusedGrant[];
};
export function createIam(): Iam {
  throw new Error('not yet');
}
