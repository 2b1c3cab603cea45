import { isObject, type Json } from './json.ts';

/** What names in an expression stand for; `undefined` is `AWS::NoValue`. */
export type Scope = {
  /** A parameter, a pseudo parameter or a resource. */
  ref(name: string): Json | undefined;
  attribute(logicalId: string, attribute: string): Json;
  importValue(exportName: string): Json;
  condition(name: string): boolean;
  mapping(name: string, topKey: string, secondKey: string): Json;
};

/**
 * Evaluates CloudFormation's intrinsic functions in a value.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 * @returns undefined where the value is `AWS::NoValue`: properties and items like that are left out
 * @throws on a function this stack does not know
 */
export function resolve(value: Json, scope: Scope): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope)).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  const [key, ...others] = Object.keys(value);
  if (key !== undefined && others.length === 0 && (key === 'Ref' || key === 'Condition' || key.startsWith('Fn::'))) {
    const argument = value[key] ?? null;
    // An IAM statement's `Condition` is an object; the intrinsic's argument is a name.
    if (key !== 'Condition' || typeof argument === 'string') return call(key, argument, scope);
  }
  const result: { [key: string]: Json } = {};
  for (const [name, item] of Object.entries(value)) {
    const resolved = resolve(item, scope);
    if (resolved !== undefined) result[name] = resolved;
  }
  return result;
}

function call(name: string, argument: Json, scope: Scope): Json | undefined {
  const evaluate = (value: Json | undefined): Json => {
    const result = value === undefined ? undefined : resolve(value, scope);
    if (result === undefined) throw new Error(`${name} got no value: ${JSON.stringify(argument)}`);
    return result;
  };
  const list = (): Json[] => {
    if (!Array.isArray(argument)) throw new Error(`${name} takes a list: ${JSON.stringify(argument)}`);
    return argument;
  };
  const text = (value: Json | undefined): string => toText(name, evaluate(value));
  const items = (value: Json | undefined): Json[] => {
    const result = evaluate(value);
    if (!Array.isArray(result)) throw new Error(`${name} takes a list: ${JSON.stringify(argument)}`);
    return result;
  };
  switch (name) {
    case 'Ref':
      return scope.ref(text(argument));
    case 'Fn::GetAtt': {
      const [logicalId, ...attribute] = typeof argument === 'string' ? argument.split('.') : list().map(text);
      return scope.attribute(logicalId ?? '', attribute.join('.'));
    }
    case 'Fn::ImportValue':
      return scope.importValue(text(argument));
    case 'Fn::Join': {
      const [separator, parts] = list();
      return items(parts)
        .map((part) => toText(name, part))
        .join(text(separator));
    }
    case 'Fn::Split': {
      const [separator, source] = list();
      return text(source).split(text(separator));
    }
    case 'Fn::Select': {
      const [index, from] = list();
      return items(from)[Number(text(index))] ?? fail(`Fn::Select has no such item: ${JSON.stringify(argument)}`);
    }
    case 'Fn::Sub':
      return substitute(argument, scope);
    case 'Fn::FindInMap': {
      const [map, top, second] = list().map(text);
      return scope.mapping(map ?? '', top ?? '', second ?? '');
    }
    case 'Fn::If': {
      const [condition, whenTrue, whenFalse] = list();
      return resolve((scope.condition(text(condition)) ? whenTrue : whenFalse) ?? null, scope);
    }
    case 'Condition':
      return scope.condition(text(argument));
    case 'Fn::Equals': {
      const [left, right] = list();
      return text(left) === text(right);
    }
    case 'Fn::Not':
      return evaluate(list()[0]) !== true;
    case 'Fn::And':
      return list().every((item) => evaluate(item) === true);
    case 'Fn::Or':
      return list().some((item) => evaluate(item) === true);
    case 'Fn::ToJsonString':
      return JSON.stringify(evaluate(argument));
    default:
      return fail(`the intrinsic function ${name} is not known to the local stack`);
  }
}

function substitute(argument: Json, scope: Scope): string {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof template !== 'string' || (variables !== undefined && !isObject(variables))) {
    return fail(`Fn::Sub takes a text: ${JSON.stringify(argument)}`);
  }
  // `${!Name}` is the escape for a literal `${Name}`.
  return template.replace(/\$\{(!?)([^}]+)\}/g, (_whole, escaped: string, name: string) => {
    if (escaped) return `\${${name}}`;
    const own = variables?.[name];
    const [logicalId = '', ...attribute] = name.split('.');
    if (own !== undefined) return toText('Fn::Sub', resolve(own, scope));
    return toText('Fn::Sub', attribute.length > 0 ? scope.attribute(logicalId, attribute.join('.')) : scope.ref(name));
  });
}

function toText(name: string, value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return fail(`${name} takes a text and got ${JSON.stringify(value)}`);
}

function fail(message: string): never {
  throw new Error(message);
}
