import * as z from 'zod';
import { TEMPLATE_STATUSES, type Template } from '../store/template-store.ts';

/** A template as the Graph API lists it (meta-cloud-api §4.1); what we keep of it. */
export const GraphTemplate = z.lazy(() =>
  z.looseObject({
    id: z.union([z.string(), z.number().transform(String)]),
    name: z.string(),
    language: z.string(),
    // A status we do not know cannot be sent, which is what PENDING says too.
    status: z.enum(TEMPLATE_STATUSES).catch('PENDING'),
    category: z.string(),
    components: z.array(z.looseObject({ type: z.string() })).default([]),
    parameter_format: z.enum(['POSITIONAL', 'NAMED']).catch('POSITIONAL').default('POSITIONAL'),
    rejected_reason: z.string().nullish(),
    quality_score: z.looseObject({ score: z.string() }).nullish().catch(null),
    previous_category: z.string().nullish(),
    /** Unix seconds. */
    last_updated_time: z.number().nullish().catch(null),
  }),
);
export type GraphTemplate = z.output<typeof GraphTemplate>;

/** @param syncedAt epoch milliseconds */
export const toTemplate = (
  wabaId: string,
  listed: GraphTemplate,
  syncedAt: number,
): Omit<Template, 'nameLanguage'> => ({
  wabaId,
  templateId: listed.id,
  name: listed.name,
  language: listed.language,
  status: listed.status,
  category: listed.category,
  components: listed.components,
  parameterFormat: listed.parameter_format,
  // NONE is Meta's word for nothing.
  rejectedReason: listed.rejected_reason === 'NONE' ? null : (listed.rejected_reason ?? null),
  quality: listed.quality_score?.score ?? null,
  previousCategory: listed.previous_category ?? null,
  lastUpdatedAt: listed.last_updated_time ? listed.last_updated_time * 1000 : null,
  syncedAt,
});
