import * as z from 'zod';

/** When a key ends by itself. Whether that is still to come is for the work to say: schemas have no clock. */
export const KeyExpiry = z.iso
  .datetime({ offset: true, message: 'This is not an ISO 8601 time such as 2027-01-01T00:00:00Z.' })
  .transform((text) => Date.parse(text))
  .meta({ description: 'When it ends by itself: a time to come.', example: '2027-01-01T00:00:00Z' });
