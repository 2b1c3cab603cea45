import * as z from 'zod';

/** A part of a job that is done in steps: `ReportedStep` of shared/errors.ts, for the API document. */
export const Step = z
  .object({
    name: z.string().meta({ description: 'What was done.', example: 'token_checked' }),
    status: z
      .enum(['done', 'failed', 'skipped', 'not_reached'])
      .meta({ description: '`not_reached`: one before it failed.', example: 'done' }),
    detail: z
      .string()
      .nullable()
      .meta({ description: 'What was found, or what is wrong.', example: 'The token does not expire.' }),
  })
  .meta({ id: 'Step', description: 'One step of a job.' });
