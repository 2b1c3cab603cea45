import { ADMIN_ACCESS_KEY_ID } from './account.ts';
import { type CompiledStatement, compileStatement, isCheckedAction, type PolicyStatement } from './iam-policy.ts';

export type { PolicyStatement } from './iam-policy.ts';

/** `unknownKey`: nobody registered this access key id. `isExplicit`: a Deny statement matched. */
export type Decision =
  | { outcome: 'allowed'; principal: string }
  | { outcome: 'denied'; principal: string; isExplicit: boolean }
  | { outcome: 'unknownKey' };
/** Parts of an Allow statement that no call needed so far. */
export type UnusedGrant = {
  principal: string;
  statement: number;
  sid?: string;
  actions: string[];
  resources: string[];
};

/** A part of an Allow statement that let a call through: its action and its resource, as the policy writes them. */
export type GrantUsed = { principal: string; action: string; resource: string };

type Principal = {
  name: string;
  statements: CompiledStatement[];
  /** By statement: the action and resource patterns that let a call through. */
  used: { actions: Set<string>; resources: Set<string> }[];
  /** By action and resource: the same few come thousands of times a second. */
  decisions: Map<string, Decision>;
};
/** Execution ARNs are without end; past this many the remembered decisions are dropped. */
const MAX_DECISIONS = 10_000;

/**
 * Identity policies of the stack's roles. Each function calls with its own access key id; what its role does not allow
 * is refused as AWS would, so a missing grant shows on the developer's machine.
 */
export function createIam(onUsed: (grant: GrantUsed) => void = () => undefined) {
  const principals = new Map<string, Principal>();

  const decide = (principal: Principal, action: string, resourceArn: string): Decision => {
    let isAllowed = false;
    for (const [index, statement] of principal.statements.entries()) {
      const actionPattern = match(statement.actions, action);
      const resourcePattern = match(statement.resources, resourceArn);
      if (actionPattern === undefined || resourcePattern === undefined || !statement.isConditionMet) continue;
      if (statement.effect === 'Deny') return { outcome: 'denied', principal: principal.name, isExplicit: true };
      isAllowed = true;
      principal.used[index]?.actions.add(actionPattern);
      principal.used[index]?.resources.add(resourcePattern);
      onUsed({ principal: principal.name, action: actionPattern, resource: resourcePattern });
    }
    return isAllowed
      ? { outcome: 'allowed', principal: principal.name }
      : { outcome: 'denied', principal: principal.name, isExplicit: false };
  };

  return {
    /**
     * Says who calls with this access key id and what they may do; again replaces it.
     * @throws Error on anything that would not be honoured (condition, field), naming it
     */
    register(accessKeyId: string, principalName: string, statements: PolicyStatement[]): void {
      const compiled = statements.map((statement, index) => {
        try {
          return compileStatement(statement);
        } catch (error) {
          throw new Error(`${principalName}, statement ${index}: ${(error as Error).message}`);
        }
      });
      principals.set(accessKeyId, {
        name: principalName,
        statements: compiled,
        used: compiled.map(() => ({ actions: new Set(), resources: new Set() })),
        decisions: new Map(),
      });
    },
    /** Explicit Deny wins; what nothing allows is denied. {@link ADMIN_ACCESS_KEY_ID} may do everything. */
    check(accessKeyId: string, action: string, resourceArn: string): Decision {
      if (accessKeyId === ADMIN_ACCESS_KEY_ID) return { outcome: 'allowed', principal: ADMIN_ACCESS_KEY_ID };
      const principal = principals.get(accessKeyId);
      if (!principal) return { outcome: 'unknownKey' };
      const key = `${action} ${resourceArn}`;
      let decision = principal.decisions.get(key);
      if (!decision) {
        decision = decide(principal, action, resourceArn);
        if (principal.decisions.size >= MAX_DECISIONS) principal.decisions.clear();
        principal.decisions.set(key, decision);
      }
      return decision;
    },
    principalName(accessKeyId: string): string | undefined {
      return accessKeyId === ADMIN_ACCESS_KEY_ID ? ADMIN_ACCESS_KEY_ID : principals.get(accessKeyId)?.name;
    },
    /** Allow statements, or parts of them, that no call needed yet. Only for services that are emulated. */
    unusedGrants(): UnusedGrant[] {
      const unused: UnusedGrant[] = [];
      for (const principal of principals.values())
        for (const [index, statement] of principal.statements.entries()) {
          if (statement.effect !== 'Allow') continue;
          const checked = statement.actions.patterns.map(({ text }) => text).filter(isCheckedAction);
          if (checked.length === 0) continue;
          const used = principal.used[index];
          const actions = checked.filter((text) => !used?.actions.has(text));
          const resources = statement.resources.patterns
            .map(({ text }) => text)
            .filter((text) => !used?.resources.has(text));
          if (actions.length + resources.length > 0)
            unused.push({ principal: principal.name, statement: index, sid: statement.sid, actions, resources });
        }
      return unused;
    },
  };
}
export type Iam = ReturnType<typeof createIam>;

/** The pattern that made it match; of a negated list, all of it. */
function match(matcher: CompiledStatement['actions'], value: string): string | undefined {
  const hit = matcher.patterns.find((pattern) => pattern.matches(value));
  if (matcher.isNegated) return hit ? undefined : matcher.patterns[0]?.text;
  return hit?.text;
}
