/**
 * Ends the retry ladder from within its task: the state machine catches this very name. A success, not a fault; a
 * choice in the state machine instead would cost a transition for each rung.
 */
export class LadderEnded extends Error {
  // Set by hand: bundling renames classes, and the state machine matches on this name.
  override readonly name = 'LadderEnded';
}

/** The same for the other loops of waits: a watch over an endpoint, a recovery. */
export class LoopEnded extends Error {
  override readonly name = 'LoopEnded';
}
