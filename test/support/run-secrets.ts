/** Texts shorter than this stand in log lines by accident. */
const MIN_TEXT = 10;
/** The last characters of a key: none of its id, all of them secret. */
const KEY_TAIL = 20;

const PHONE = /^\+?(\d{10,15})$/;
const CODE = /^\d{6,15}$/;
/** Which fields of requests hold what: `code` of send/otp, `text` and `body` of replies and of what people write. */
const TEXT_FIELDS = new Set(['body', 'text', 'caption', 'title']);

const codes = new Set<string>();
const others = new Set<string>();

/** Remembers what a request carried that must be in no log line. */
export function rememberRequest(key: string | null, body: unknown): void {
  if (key?.startsWith('qxs_')) others.add(key.slice(-KEY_TAIL));
  remember(body);
}

/** Remembers a secret of the stack itself. */
export const rememberSecret = (secret: string): void => void others.add(secret);

function remember(value: unknown, field = ''): void {
  if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) remember(inner, Array.isArray(value) ? field : name);
    return;
  }
  if (typeof value !== 'string') return;
  if (field === 'code' && CODE.test(value)) codes.add(value);
  // Looked for without its plus.
  else if (PHONE.test(value)) others.add(value.replace('+', ''));
  else if (TEXT_FIELDS.has(field) && value.length >= MIN_TEXT && value.includes(' ')) others.add(value);
}

/** A code of six digits is in any long number; standing alone it is one. */
const standsAlone = (code: string): RegExp => new RegExp(`(?<![\\w.+-])${code}(?![\\w.-])`);

/** @returns codes that stand in a text */
export const codesIn = (text: string): string[] => [...codes].filter((code) => standsAlone(code).test(text));

/** @returns everything remembered that stands in a text */
export const secretsIn = (text: string): string[] => [
  ...codesIn(text),
  ...[...others].filter((secret) => text.includes(secret)),
];

/** How many things are looked for. */
export const rememberedCount = (): number => codes.size + others.size;
