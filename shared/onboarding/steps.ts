import { ApiError, type ReportedStep } from '../errors.ts';

/** What a step ends with: words about what was found; `skipped` where there was nothing to do. */
export type StepResult<T> = { value: T; detail: string | null; isSkipped?: boolean };

/**
 * Keeps account of a job that is done in steps, so that whoever asked for it sees how far it came.
 * @param names all steps, in their order
 */
export function stepReport<Name extends string>(names: readonly Name[]) {
  const ended = new Map<Name, ReportedStep>();
  const list = (): ReportedStep[] =>
    names.map((name) => ended.get(name) ?? { name, status: 'not_reached', detail: null });

  return {
    /** @throws what the work throws; an ApiError then tells of all steps */
    async step<T>(name: Name, work: () => Promise<StepResult<T>>): Promise<T> {
      try {
        const { value, detail, isSkipped = false } = await work();
        ended.set(name, { name, status: isSkipped ? 'skipped' : 'done', detail });
        return value;
      } catch (error) {
        const isKnown = error instanceof ApiError;
        ended.set(name, { name, status: 'failed', detail: isKnown ? error.message : 'This failed on our side.' });
        throw isKnown
          ? new ApiError(error.code, error.message, { ...error.details, steps: list() }, { cause: error })
          : error;
      }
    },

    /** A step without which the job is good all the same: its failure is told, and the next one follows. */
    async optional(name: Name, work: () => Promise<StepResult<unknown>>): Promise<unknown> {
      try {
        return await this.step(name, work);
      } catch (error) {
        return error;
      }
    },
    list,
  };
}
