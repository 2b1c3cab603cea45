import { count } from '../metrics.ts';

/**
 * Every arrow of the diagram in docs/idempotency.md, by the name it has there. `dispatched` less all that leave it is
 * what the sweeper has to find.
 */
export const TRANSITIONS = [
  'dispatched',
  'resumed',
  'released',
  'accepted',
  'refused',
  'unknown',
  'swept',
  'reconciled',
  'replayed',
  'unknown_told',
] as const;
export type Transition = (typeof TRANSITIONS)[number];

/** Counts one step of one send; the metric's dimension is a name from a short list, never a brand. */
export const countTransition = (transition: Transition): void => count('SendTransition', { transition });
