import * as z from 'zod';

const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/** When a key ends by itself. Whether that is still to come is for the work to say: schemas have no clock. */
export const KeyExpiry = z.iso
  .datetime({ offset: true, message: 'This is not an ISO 8601 time such as 2027-01-01T00:00:00Z.' })
  .transform((text) => Date.parse(text))
  // With an offset the last hours of 9999 are of a year that ISO writes with a sign, and no answer could tell.
  .refine((at) => at <= LATEST, 'This time is too far away.')
  .meta({ description: 'When it ends by itself: a time to come.', example: '2027-01-01T00:00:00Z' });
