import * as z from 'zod';

/** A component that may be null. (`.nullable()` on one that has a name is lost in the API document.) */
export const orNull = <T extends z.ZodType>(schema: T) => z.union([schema, z.null()]);

/** A page of a list. @param id the component's name in the API document */
export const pageOf = <T extends z.ZodType>(id: string, row: T) =>
  z
    .object({
      data: z.array(row).meta({ description: 'Newest first, unless said otherwise.' }),
      next_cursor: z
        .string()
        .nullable()
        .meta({ description: '`cursor` of the next page; null at the end.', example: null }),
      has_more: z.boolean().meta({
        description: 'Whether there is a next page. A filtered page may hold fewer rows than `limit`.',
        example: false,
      }),
    })
    .meta({ id });
