import * as z from 'zod';

const Keys = z.looseObject({ id: z.unknown().optional(), link: z.unknown().optional() });

/** A string that must say something and has Meta's maximum length. */
export const text = (max: number) => z.string().min(1).max(max);

/** Meta fetches links itself, so they must be absolute web addresses. */
export const webUrl = z.url({ protocol: /^https?$/ }).max(2000);

/**
 * Media by exactly one of `id` or `link` (meta-cloud-api §2.2).
 * @param extra what else this kind of media may carry
 */
export function mediaRef<Extra extends z.ZodRawShape>(extra: Extra) {
  return z
    .strictObject({ id: z.string().min(1).optional(), link: webUrl.optional(), ...extra })
    .superRefine((media: unknown, context) => {
      const { id, link } = Keys.parse(media);
      if (id !== undefined && link !== undefined) {
        context.addIssue({
          code: 'custom',
          message: 'only one of id and link may be given',
          params: { graphCode: 100 },
        });
      }
      if (id === undefined && link === undefined) {
        context.addIssue({ code: 'custom', message: 'one of id and link is required', params: { graphCode: 131008 } });
      }
    });
}

/** Numbers as JSON numbers or numeric strings: Meta's own samples have both. */
export function coordinate(limit: number) {
  return z
    .union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)])
    .refine((value) => Math.abs(Number(value)) <= limit, { message: `must lie between -${limit} and ${limit}` });
}
