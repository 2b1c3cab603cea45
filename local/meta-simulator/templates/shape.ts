import * as z from 'zod';

const TemplateButton = z.looseObject({ type: z.string(), text: z.string().optional(), url: z.string().optional() });

export type TemplateButton = z.infer<typeof TemplateButton>;

const Component = z.looseObject({
  type: z.string(),
  format: z.string().optional(),
  text: z.string().optional(),
  buttons: z.array(TemplateButton).optional(),
});

/** A template as Graph's REST API shows it when all fields are asked for (meta-cloud-api §4.1). */
export const GraphTemplate = z.object({
  id: z.string(),
  name: z.string(),
  language: z.string(),
  status: z.string(),
  category: z.enum(['AUTHENTICATION', 'MARKETING', 'UTILITY']),
  parameter_format: z.enum(['POSITIONAL', 'NAMED']),
  components: z.array(Component),
  rejected_reason: z.string(),
  quality_score: z.object({ score: z.string(), date: z.number() }),
  /** Unix seconds. */
  last_updated_time: z.number(),
  message_send_ttl_seconds: z.number().optional(),
  previous_category: z.string().optional(),
});

export type GraphTemplate = z.infer<typeof GraphTemplate>;

/** Names inside `{{…}}`, each once, in the order they appear. */
export function variablesOf(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g), (match) => match[1] ?? ''))];
}
