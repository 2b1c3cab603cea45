import { connectionOf } from '../in-memory-recorder.ts';

/** When the week begins, epoch seconds: the time of the example files, so that theirs only have to be moved on. */
export const START = 1_760_000_000;
/** Facts happen in the first day; Meta tells of them after it. */
export const FACTS_TAKE_SECONDS = 100_000;

export const CONNECTIONS = [
  connectionOf('brd_a', '300000000000001', '200000000000001'),
  connectionOf('brd_b', '300000000000002', '200000000000002'),
  // Shares its WABA with the one before: what is of the WABA is told to both.
  connectionOf('brd_c', '300000000000003', '200000000000002'),
];

/** A message we sent before the week, of which Meta's statuses speak. */
export type Sent = { brandId: string; wamid: string; messageId: string; isUnresolved: boolean };

/** One fact of Meta's, as a change of an entry: one element of a list at most, so that batches may join them in any way. */
export type Fact = {
  wabaId: string;
  time?: number | undefined;
  field: string;
  value: Record<string, unknown>;
  sent: readonly Sent[];
  /** What the brands are to hear of it, worked out without the code under test; absent for facts made of the examples. */
  told?: string[];
};

/** The lists of a number's field. What stands beside them belongs to each of their elements. */
export const LISTS = ['messages', 'statuses', 'calls', 'message_echoes', 'user_preferences', 'user_id_update'];

export const elementsOf = (value: Record<string, unknown>): [list: string, element: unknown][] =>
  LISTS.flatMap((list) => {
    const elements = value[list];
    return Array.isArray(elements) ? elements.map((element): [string, unknown] => [list, element]) : [];
  });

/** What is left of a value without its lists. */
export const frameOf = (value: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !LISTS.includes(key)));
