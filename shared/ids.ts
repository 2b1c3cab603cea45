import { createHash, randomBytes } from 'node:crypto';

/** Crockford's base32: no I, L, O, U. ULID specification, "Encoding". */
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_CHARACTERS = 10;
const RANDOM_BYTES = 10;

/** The smallest id of a time: ids from then on are not below it. */
export const firstIdAt = (prefix: Prefix, timeMs: number): string =>
  `${prefix}_${ulid(timeMs, new Uint8Array(RANDOM_BYTES))}`;

/** How many partitions a brand's messages and events are spread over: one brand at Meta's 1,000 messages/s must not heat one (1,000 WCU/s each). */
export const SHARDS = 8;

/** 26 characters: 48 bits of milliseconds, then 80 bits. Sorts by time. */
function ulid(timeMs: number, random: Uint8Array): string {
  let time = '';
  for (let rest = timeMs, i = 0; i < TIME_CHARACTERS; i++, rest = Math.floor(rest / 32))
    time = CROCKFORD[rest % 32] + time;
  let bits = 0n;
  for (const byte of random.subarray(0, RANDOM_BYTES)) bits = (bits << 8n) | BigInt(byte);
  let tail = '';
  for (let i = 0; i < 16; i++, bits >>= 5n) tail = CROCKFORD[Number(bits & 31n)] + tail;
  return time + tail;
}

/** The time inside an id of ours (`msg_…`, `evt_…`), milliseconds. */
export function timeOfId(id: string): number {
  let time = 0;
  for (const character of id.slice(-26, -16)) time = time * 32 + CROCKFORD.indexOf(character);
  return time;
}

type Prefix = 'msg' | 'evt' | 'rec' | 'brd' | 'con' | 'org' | 'aud';

export const newId = (prefix: Prefix, nowMs: number): string => `${prefix}_${ulid(nowMs, randomBytes(RANDOM_BYTES))}`;

/**
 * The same id for the same fact, however often and in whatever order Meta tells it: contract §6.
 * @param timeMs Meta's own time of the fact
 * @param naturalKey what makes the fact one fact: kind, number, wamid, status …
 */
export const deterministicId = (prefix: Prefix, timeMs: number, naturalKey: readonly string[]): string =>
  `${prefix}_${ulid(timeMs, createHash('sha256').update(naturalKey.join('\n')).digest())}`;

/** Contact and brand make the conversation; no phone number can be read from the id. */
export const conversationId = (brandId: string, contact: string): string =>
  `cnv_${createHash('sha256').update(`${brandId}\n${contact}`).digest('hex').slice(0, 32)}`;

/** One person is one member: the address makes the id, so that nobody is invited twice. */
export const memberId = (email: string): string =>
  `mem_${createHash('sha256').update(email.toLowerCase()).digest('hex').slice(0, 32)}`;

/** The partition of a brand's item; computed from the id, so that the id alone finds the item. */
export const brandShard = (brandId: string, id: string): string =>
  `${brandId}#${createHash('sha1').update(id).digest().readUInt8(0) % SHARDS}`;

/** All partitions of a brand. */
export const brandShards = (brandId: string): string[] =>
  Array.from({ length: SHARDS }, (_, shard) => `${brandId}#${shard}`);

export const ID_PATTERN = {
  message: /^msg_[0-9A-HJKMNP-TV-Z]{26}$/,
  event: /^evt_[0-9A-HJKMNP-TV-Z]{26}$/,
  recovery: /^rec_[0-9A-HJKMNP-TV-Z]{26}$/,
} as const;
