import * as z from 'zod';
import { toIso } from '../clock.ts';
import { withoutSecret } from '../secret-pattern.ts';
import type { Brand } from '../store/brand-store.ts';

export const BrandName = z
  .string()
  .trim()
  .min(1, 'A brand needs a name.')
  .max(100)
  .refine(...withoutSecret)
  .meta({ description: 'What your people call it.', example: 'Acme Pizza' });

export const BrandView = z
  .object({
    id: z.string().meta({ description: 'Id of the brand.', example: 'brd_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
    name: BrandName,
    created_at: z.iso.datetime().meta({ description: 'When it was made.', example: '2026-11-22T10:30:00.000Z' }),
  })
  .meta({ id: 'Brand', description: 'What API keys and a WhatsApp number are bound to; nothing crosses it.' });

export const brandView = ({ brandId, name, createdAt }: Brand): z.input<typeof BrandView> => ({
  id: brandId,
  name,
  created_at: toIso(createdAt),
});

export const BrandParams = z.object({
  id: z.string().meta({ description: 'Id of the brand.', example: 'brd_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
});
export type BrandParams = z.output<typeof BrandParams>;
