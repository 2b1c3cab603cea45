/**
 * DynamoDB's condition and update expressions, as far as the stores use them; anything else is an error.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export type Item = Record<string, unknown>;
export type Placeholders = { names?: Record<string, string>; values?: Record<string, unknown> };

const TOKEN = /\s*(<>|<=|>=|[=<>(),+]|[#:]?[A-Za-z_][\w]*|\[\d+\]|\.)/y;

function tokens(text: string): string[] {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`not understood: ${text}`);
    found.push(match[1]!);
  }
  return found;
}

function reader(text: string, item: Item | undefined, { names = {}, values = {} }: Placeholders) {
  const list = tokens(text);
  let at = 0;
  const peek = () => list[at];
  const next = () => list[at++];
  const expect = (token: string) => {
    if (next() !== token) throw new Error(`expected ${token} in: ${text}`);
  };
  const isWord = (token: string | undefined, word: string) => token?.toUpperCase() === word;

  const path = (): { name: string; index: number | undefined } => {
    const token = next() ?? '';
    const name = token.startsWith('#') ? names[token] : token;
    if (name === undefined || !/^\w+$/.test(name)) throw new Error(`no such name ${token} in: ${text}`);
    const index = /^\[(\d+)\]$/.exec(peek() ?? '')?.[1];
    if (index !== undefined) at += 1;
    return { name, index: index === undefined ? undefined : Number(index) };
  };
  const valueAt = ({ name, index }: ReturnType<typeof path>): unknown => {
    const value = item?.[name];
    return index === undefined ? value : Array.isArray(value) ? value[index] : undefined;
  };
  const argument = <T>(read: () => T): T => {
    expect('(');
    const value = read();
    expect(')');
    return value;
  };
  const operand = (): unknown => {
    const token = peek() ?? '';
    if (token.startsWith(':')) {
      next();
      if (!Object.hasOwn(values, token)) throw new Error(`no such value ${token} in: ${text}`);
      return values[token];
    }
    return valueAt(path());
  };

  const compare = (): boolean => {
    const left = operand();
    const operator = next();
    const right = operand();
    if (operator === '=') return same(left, right);
    if (operator === '<>') return !same(left, right);
    // A missing attribute, or one of another type, compares false whatever is asked.
    if (typeof left !== typeof right || (typeof left !== 'number' && typeof left !== 'string')) return false;
    const [a, b] = [left as number, right as number];
    if (operator === '<') return a < b;
    if (operator === '<=') return a <= b;
    if (operator === '>') return a > b;
    if (operator === '>=') return a >= b;
    throw new Error(`no such operator ${operator} in: ${text}`);
  };
  const primary = (): boolean => {
    if (isWord(peek(), 'NOT')) {
      next();
      return !primary();
    }
    if (peek() === '(') return argument(condition);
    if (peek() === 'attribute_exists' || peek() === 'attribute_not_exists') {
      const wanted = next() === 'attribute_exists';
      return argument(() => (valueAt(path()) !== undefined) === wanted);
    }
    return compare();
  };
  const conjunction = (): boolean => {
    let holds = primary();
    while (isWord(peek(), 'AND')) {
      next();
      holds = primary() && holds;
    }
    return holds;
  };
  function condition(): boolean {
    let holds = conjunction();
    while (isWord(peek(), 'OR')) {
      next();
      holds = conjunction() || holds;
    }
    return holds;
  }

  const setValue = (): unknown => {
    let value: unknown;
    if (peek() === 'if_not_exists' || peek() === 'list_append') {
      const name = next();
      expect('(');
      const first = name === 'list_append' ? setValue() : valueAt(path());
      expect(',');
      const second = setValue();
      expect(')');
      value = name === 'list_append' ? [...(first as unknown[]), ...(second as unknown[])] : (first ?? second);
    } else value = operand();
    if (peek() !== '+') return value;
    next();
    return (value as number) + (setValue() as number);
  };
  return {
    condition,
    /** Every value is read from the item as it was; then all are written. */
    update(): Item {
      const changed: Item = { ...item };
      while (at < list.length) {
        const clause = next()?.toUpperCase();
        do {
          if (peek() === ',') next();
          const { name, index } = path();
          if (clause === 'REMOVE') {
            if (index === undefined) delete changed[name];
            else if (Array.isArray(changed[name])) changed[name] = changed[name].filter((_one, i) => i !== index);
          } else if (clause === 'SET' && index === undefined) {
            expect('=');
            changed[name] = setValue();
          } else throw new Error(`not understood: ${text}`);
        } while (peek() === ',');
      }
      return changed;
    },
    isAtEnd: () => at === list.length,
  };
}

/** @throws for anything that is not known here */
export function holds(expression: string, item: Item | undefined, placeholders: Placeholders): boolean {
  const read = reader(expression, item, placeholders);
  const result = read.condition();
  if (!read.isAtEnd()) throw new Error(`not understood: ${expression}`);
  return result;
}

export const updated = (expression: string, item: Item | undefined, placeholders: Placeholders): Item =>
  reader(expression, item, placeholders).update();

const same = (left: unknown, right: unknown): boolean =>
  left !== undefined && JSON.stringify(left) === JSON.stringify(right);
