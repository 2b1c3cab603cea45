import Box from '@cloudscape-design/components/box';
import KitSteps from '@cloudscape-design/components/steps';
import { ProblemError } from '../api/client.ts';
import type { Step } from '../api/types.ts';
import { words } from '../words.ts';

const STATES = { done: 'success', failed: 'error', skipped: 'info', not_reached: 'pending' } as const;

/** A job as it went, part by part. */
export function Steps({ steps, label }: { steps: readonly Step[]; label: string }) {
  return (
    <KitSteps
      ariaLabel={label}
      steps={steps.map(({ name, status, detail }) => ({
        header: words(name),
        status: STATES[status],
        statusIconAriaLabel: words(status),
        details: detail ? <Box color="text-body-secondary">{detail}</Box> : undefined,
      }))}
    />
  );
}

/** How far a refused job went, where the refusal tells. */
export const stepsOf = (error: unknown): Step[] | undefined =>
  error instanceof ProblemError ? error.problem.steps : undefined;
