/** TypeScript's library does not know the reviver's third argument yet (ECMA-262, "JSON.parse source text access"). */
type SourceReviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/**
 * JSON.parse, but an integer beyond 2^53 comes as the string of its digits: Meta sends template ids as integers of 16
 * and more digits, which a plain parse would change (meta-cloud-api §0.12).
 * @throws SyntaxError
 */
export function parseLossless(text: string): unknown {
  const reviver: SourceReviver = (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && !Number.isSafeInteger(value) && /^-?\d+$/.test(source)
      ? source
      : value;
  return (JSON.parse as (text: string, reviver: SourceReviver) => unknown)(text, reviver);
}
