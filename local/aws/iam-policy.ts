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

type Pattern = { text: string; matches(value: string): boolean };
export type CompiledStatement = {
  sid?: string;
  effect: 'Allow' | 'Deny';
  /** `isNegated`: NotAction, NotResource. */
  actions: { patterns: Pattern[]; isNegated: boolean };
  resources: { patterns: Pattern[]; isNegated: boolean };
  isConditionMet: boolean;
};

/** Services whose calls are checked here. Grants for others (kms, xray, logs, …) are never exercised locally. */
export const CHECKED_SERVICES = ['dynamodb', 's3', 'sqs', 'secretsmanager', 'states', 'lambda', 'apigateway'];
const KNOWN_FIELDS = ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];

const list = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** `*` and `?` as in IAM; actions match without regard to case, resources with. */
function pattern(text: string, flags: 'i' | ''): Pattern {
  const source = text
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, flags);
  return { text, matches: (value) => expression.test(value) };
}

/** Conditions that can be judged here, by operator and key. Calls inside the machine count as made over TLS. */
const CONDITIONS: Record<string, Record<string, (wanted: string[]) => boolean>> = {
  Bool: { 'aws:SecureTransport': (wanted) => wanted.includes('true') },
};

/** Whether all conditions hold: they depend on nothing that changes from call to call. */
function conditionsHold(statement: PolicyStatement): boolean {
  let isMet = true;
  for (const [operator, keys] of Object.entries(statement.Condition ?? {}))
    for (const [key, value] of Object.entries(keys)) {
      const test = CONDITIONS[operator]?.[key];
      if (!test) throw new Error(`condition ${operator} on ${key} is not emulated`);
      isMet &&= test((Array.isArray(value) ? value : [value]).map(String));
    }
  return isMet;
}

/** True when no action of the statement can ever be asked for here. */
function concernsOtherServices(statement: PolicyStatement): boolean {
  const actions = list(statement.Action);
  return actions.length > 0 && actions.every((action) => !isCheckedAction(action));
}

/** Whether a call for this action (or a pattern of actions) can happen on this machine. */
export function isCheckedAction(action: string): boolean {
  const service = action.split(':')[0]?.toLowerCase() ?? '';
  return service.includes('*') || service.includes('?') || CHECKED_SERVICES.includes(service);
}

/** @throws Error naming what would not be honoured: unknown fields, conditions, effects */
export function compileStatement(statement: PolicyStatement): CompiledStatement {
  const unknown = Object.keys(statement).filter((field) => !KNOWN_FIELDS.includes(field));
  if (unknown.length > 0) throw new Error(`policy statement has fields that are not emulated: ${unknown.join(', ')}`);
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny')
    throw new Error(`policy statement has Effect ${statement.Effect}`);
  const actions = list(statement.Action ?? statement.NotAction);
  const resources = list(statement.Resource ?? statement.NotResource);
  if (actions.length === 0 || resources.length === 0)
    throw new Error('policy statement needs Action or NotAction, and Resource or NotResource');
  for (const value of [...actions, ...resources])
    if (typeof value !== 'string') throw new Error(`policy statement is not resolved: ${JSON.stringify(value)}`);
  return {
    sid: statement.Sid,
    effect: statement.Effect,
    actions: { patterns: actions.map((text) => pattern(text, 'i')), isNegated: statement.NotAction !== undefined },
    resources: { patterns: resources.map((text) => pattern(text, '')), isNegated: statement.NotResource !== undefined },
    // No call for other services' actions reaches this machine, so their conditions need not be understood.
    isConditionMet: concernsOtherServices(statement) || conditionsHold(statement),
  };
}
