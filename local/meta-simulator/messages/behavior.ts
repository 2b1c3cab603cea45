import * as z from 'zod';
import type { SettingsStore } from '../database.ts';
import { type Outcome, outcomeByName, outcomeNameFor, SLOW_ANSWER_MS } from '../outcomes.ts';

/** `PUT /_behavior`: the outcome of the next sends, whoever they go to. */
export const Behavior = z.strictObject({
  outcome: z
    .union([z.string(), z.int().transform(String)])
    .refine((name) => outcomeByName(name) !== undefined, { message: 'no such outcome' }),
  /** Absent: until changed. */
  times: z.int().min(1).optional(),
  /** How long `slow` takes, real milliseconds. */
  delay_ms: z.int().min(0).max(600_000).optional(),
});
export type Behavior = z.infer<typeof Behavior>;

/**
 * What a reply outside the 24 hours gets: a `failed` status later (as Meta mostly does), a refusal at once, or nothing.
 */
export const WindowCheck = z.enum(['async', 'sync', 'off']);

export type ChosenOutcome = { name: string; outcome: Outcome; slowAnswerMs: number };

/** What was asked of the next sends; survives a restart like everything else. */
export function behaviorStore(settings: SettingsStore) {
  const current = (): Behavior | undefined => Behavior.optional().parse(settings.read('behavior'));
  return {
    current,
    set: (behavior: Behavior): void => settings.write('behavior', behavior),
    reset: (): void => settings.remove('behavior'),
    windowCheck: () => WindowCheck.default('async').parse(settings.read('window-check')),
    setWindowCheck: (check: z.infer<typeof WindowCheck>): void => settings.write('window-check', check),
    /** Uses up one of `times`. @param phone whose number decides when nothing was asked for */
    next(phone: string | null): ChosenOutcome {
      const behavior = current();
      const name = behavior?.outcome ?? outcomeNameFor(phone);
      if (behavior?.times === 1) settings.remove('behavior');
      else if (behavior?.times !== undefined) settings.write('behavior', { ...behavior, times: behavior.times - 1 });
      const outcome = outcomeByName(name);
      if (outcome === undefined) throw new Error(`the outcome table names ${name}, which nobody defines`);
      return { name, outcome, slowAnswerMs: behavior?.delay_ms ?? SLOW_ANSWER_MS };
    },
  };
}

export type BehaviorStore = ReturnType<typeof behaviorStore>;
