/** TypeScript's library does not know the reviver's third argument yet (ECMA-262, "JSON.parse source text access"). */
type SourceReviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/** A number outside of quotes that may be beyond 2^53. Also found inside of some texts, which costs time and nothing else. */
const LONG_INTEGER = /[:[,]\s*-?\d{16}/;

const longIntegersAsText: SourceReviver = (_key, value, { source }) =>
  typeof value === 'number' && source !== undefined && !Number.isSafeInteger(value) && /^-?\d+$/.test(source)
    ? source
    : value;

/**
 * JSON.parse, but an integer beyond 2^53 comes as the string of its digits: Meta sends template ids as integers of 16
 * and more digits, which a plain parse would change (meta-cloud-api §0.12). The reviver makes parsing four times slower
 * and is only called for where there is such a number.
 * @throws SyntaxError
 */
export function parseLossless(text: string): unknown {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text);
  try {
    return (JSON.parse as (text: string, reviver: SourceReviver) => unknown)(text, longIntegersAsText);
  } catch (error) {
    // A reviver is called recursively and cannot go as deep as the parser; an id that was changed finds nothing.
    if (error instanceof RangeError) return JSON.parse(text);
    throw error;
  }
}
