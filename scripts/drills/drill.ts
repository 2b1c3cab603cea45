import { isCalm } from '../../test/support/delivery.ts';
import { type AttachedStack, eventually } from '../../test/support/local-stack.ts';

/** One rehearsal of a night. Throws when something is not as the runbook says it is. */
export type Drill = {
  /** What is rehearsed, in one line. */
  title: string;
  run(stack: AttachedStack, say: Say): Promise<void>;
};

/** Tells whoever watches what is done and what is seen. */
export type Say = (line: string) => void;

/** @throws with what was expected, when it is not so */
export function expect(what: string, isSo: boolean): void {
  if (!isSo) throw new Error(`The drill failed: ${what}`);
}

/** Virtual time, but never in the middle of a delivery, which the jump would time out. */
export async function letPass(stack: AttachedStack, seconds: number): Promise<void> {
  await eventually(() => isCalm(stack), Boolean);
  await stack.control.advance(seconds);
}

/** Lets time pass in steps until it is so. */
export const inTime = <T>(
  stack: AttachedStack,
  stepSeconds: number,
  read: () => Promise<T>,
  passes: (value: T) => boolean,
): Promise<T> =>
  eventually(
    async () => {
      const value = await read();
      if (!passes(value) && (await isCalm(stack))) await stack.control.advance(stepSeconds);
      return value;
    },
    passes,
    60_000,
  );

/** Now, as the stack's clock says. */
export const now = async (stack: AttachedStack): Promise<number> =>
  Date.parse((await stack.control.health()).clock.now);
