import * as z from 'zod';

const UNIT_BYTES = 1024;
/** Overhead of a list or map, and of each element in it (Developer Guide, "DynamoDB item sizes and formats"). */
const DOCUMENT_BYTES = 3;
const ELEMENT_BYTES = 1;

export const Item = z.record(z.string(), z.record(z.string(), z.unknown()));
export type Item = z.output<typeof Item>;
const Values = z.array(z.record(z.string(), z.unknown()));

/** Write units of one item: one for each started KiB. */
export const writeUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / UNIT_BYTES));

/** Size of an item as DynamoDB counts it: names and values. Numbers are approximate, as its documentation says. */
export function itemSize(item: Item): number {
  let size = 0;
  for (const [name, value] of Object.entries(item)) size += Buffer.byteLength(name) + valueSize(value);
  return size;
}

function valueSize(value: Record<string, unknown>): number {
  const [type, content] = Object.entries(value)[0] ?? [];
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(content));
    case 'N':
      return numberSize(String(content));
    case 'B':
      return Buffer.byteLength(String(content), 'base64');
    case 'SS':
    case 'NS':
    case 'BS':
      return z
        .array(z.string())
        .parse(content)
        .reduce((sum, one) => sum + valueSize({ [type.charAt(0)]: one }), 0);
    case 'L':
      return Values.parse(content).reduce((sum, one) => sum + valueSize(one) + ELEMENT_BYTES, DOCUMENT_BYTES);
    case 'M': {
      const fields = Item.parse(content);
      return itemSize(fields) + Object.keys(fields).length * ELEMENT_BYTES + DOCUMENT_BYTES;
    }
    default:
      // NULL and BOOL.
      return 1;
  }
}

/** One byte for each two significant digits, one more, and one for a minus sign. */
function numberSize(text: string): number {
  const digits = text
    .replace(/e.*$/i, '')
    .replace(/[-+.]/g, '')
    .replace(/^0+|0+$/g, '');
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}
