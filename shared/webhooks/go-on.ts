import { LoopEnded } from './ladder-ended.ts';

/**
 * Turns of one execution. Step Functions fails one that has 25,000 events in its history, whatever its time limit says
 * (its developer guide, "Service quotas"); a turn makes seven, and each call of Lambda that is repeated three more.
 */
export const MAX_TURNS = 2500;

/** A loop's step with how many turns its execution has made, and how many executions there were before it. */
export type Turn<Step> = Step & { turns: number; part: number };

/**
 * Lets a loop go on in another execution before its own is full.
 * @param start starts it; done twice it is one
 */
export const goingOn =
  <Step extends { wait_seconds: number }>(
    turn: (step: Step) => Promise<Step>,
    start: (step: Turn<Step>) => Promise<void>,
    maxTurns = MAX_TURNS,
  ) =>
  async (step: Turn<Step>): Promise<Turn<Step>> => {
    if (step.turns < maxTurns) return { ...(await turn(step)), turns: step.turns + 1, part: step.part };
    // Instead of a turn, not after one: whoever dies in here starts it again, whose name is taken, and has sent nothing.
    await start({ ...step, turns: 0, part: step.part + 1, wait_seconds: 0 });
    throw new LoopEnded('goes on in another execution');
  };

/** The first keeps the plain name, by which others start it. */
export const nameOfPart = (name: string, part: number): string => (part === 0 ? name : `${name}.${part}`);
