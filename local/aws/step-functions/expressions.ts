import { createHash, randomUUID } from 'node:crypto';
import jsonata, { type Expression } from 'jsonata';
import { queryError } from './states-error.ts';

/** What expressions see: `$states`, and the workflow's variables by name. */
export type Bindings = {
  states: { input: unknown; context: unknown; result?: unknown; errorOutput?: unknown };
  variables: Record<string, unknown>;
};
const EXPRESSION = /^\{%(.*)%\}$/s;

/** The expression in `{% … %}`, or undefined when the text is plain. */
const expressionIn = (text: string): string | undefined => EXPRESSION.exec(text)?.[1]?.trim();

/** Walks any JSON and names the expressions that do not parse. */
export function syntaxErrors(value: unknown, path: string): string[] {
  if (typeof value === 'string') {
    const source = expressionIn(value);
    if (source === undefined) return [];
    try {
      jsonata(source);
      return [];
    } catch (error) {
      return [`${path}: ${messageOf(error)} in ${source}`];
    }
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => syntaxErrors(inner, `${path}.${key}`));
}

/** Evaluates expressions; `now` is the clock that `$now()` and `$millis()` tell. */
export function createEvaluator(now: () => number) {
  const compiled = new Map<string, Expression>();
  const compile = (source: string): Expression => {
    let expression = compiled.get(source);
    if (!expression) {
      expression = jsonata(source);
      addFunctions(expression, now);
      compiled.set(source, expression);
    }
    return expression;
  };
  const evaluateSource = async (source: string, { states, variables }: Bindings): Promise<unknown> => {
    let result: unknown;
    try {
      result = await compile(source).evaluate(undefined, { ...variables, states });
    } catch (error) {
      throw queryError(`The JSONata expression '${source}' failed: ${messageOf(error)}`);
    }
    if (result === undefined) throw queryError(`The JSONata expression '${source}' returned nothing (undefined).`);
    // JSONata marks its arrays with hidden properties; past this point it is plain JSON.
    return JSON.parse(JSON.stringify(result) ?? 'null');
  };
  /** Replaces every expression in any JSON by its value. @throws StatesError States.QueryEvaluationError */
  const evaluate = async (template: unknown, bindings: Bindings): Promise<unknown> => {
    if (typeof template === 'string') {
      const source = expressionIn(template);
      return source === undefined ? template : evaluateSource(source, bindings);
    }
    if (Array.isArray(template)) return Promise.all(template.map((item) => evaluate(item, bindings)));
    if (typeof template !== 'object' || template === null) return template;
    const entries = Object.entries(template).map(async ([key, value]) => [key, await evaluate(value, bindings)]);
    return Object.fromEntries(await Promise.all(entries));
  };
  return { evaluate };
}
export type Evaluator = ReturnType<typeof createEvaluator>;

/** Functions Step Functions adds to JSONata: Developer Guide, "Transforming data with JSONata". `$eval` is not there. */
function addFunctions(expression: Expression, now: () => number): void {
  expression.registerFunction('now', (picture?: string) => {
    if (picture !== undefined) throw new Error('$now with a picture is not emulated by the local stack');
    return new Date(now()).toISOString();
  });
  expression.registerFunction('millis', () => now());
  expression.registerFunction('uuid', () => randomUUID());
  expression.registerFunction('parse', (text: string) => JSON.parse(text));
  expression.registerFunction('random', (seed?: number) => {
    if (seed !== undefined) throw new Error('$random with a seed is not emulated by the local stack');
    return Math.random();
  });
  expression.registerFunction('hash', (data: unknown, algorithm: string) => {
    const name = { MD5: 'md5', 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' }[
      algorithm
    ];
    if (name === undefined) throw new Error(`$hash does not know ${algorithm}`);
    return createHash(name)
      .update(typeof data === 'string' ? data : JSON.stringify(data))
      .digest('hex');
  });
  expression.registerFunction('range', (start: number, end: number, step: number) => {
    if (!(step > 0)) throw new Error('$range needs a step above 0 in the local stack');
    return Array.from(
      { length: Math.max(0, Math.floor((end - start) / step) + 1) },
      (_, index) => start + index * step,
    );
  });
  expression.registerFunction('partition', (items: unknown[], size: number) =>
    Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size)),
  );
  expression.registerFunction('eval', () => {
    throw new Error('$eval is not available in Step Functions, use $parse');
  });
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
