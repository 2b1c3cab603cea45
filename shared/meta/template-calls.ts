import * as z from 'zod';
import type { CallOutcome, GraphClient } from './graph-client.ts';
import { GraphTemplate } from './graph-template.ts';

const Created = z.looseObject({
  id: z.union([z.string(), z.number().transform(String)]),
  status: z.string().default('PENDING'),
  category: z.string().optional(),
});
const Success = z.looseObject({ success: z.literal(true) });
const Page = z.looseObject({ data: z.array(GraphTemplate) });

const FIELDS = 'id,name,language,status,category,parameter_format,components,rejected_reason,last_updated_time';

/** Making and taking away templates: meta-cloud-api §4.2, §4.3. */
export function templateCalls({ call }: Pick<GraphClient, 'call'>) {
  return {
    create: (wabaId: string, accessToken: string, body: object) =>
      call(Created, 'POST', `/${wabaId}/message_templates`, accessToken, body),

    /** One language version as Meta has it now; null when it has none. */
    async find(wabaId: string, accessToken: string, name: string, language: string) {
      const query = new URLSearchParams({ fields: FIELDS, name, language, limit: '100' });
      const outcome: CallOutcome<z.output<typeof Page>> = await call(
        Page,
        'GET',
        `/${wabaId}/message_templates?${query}`,
        accessToken,
      );
      if (outcome.kind !== 'ok') return outcome;
      // Meta's filter by name also finds names that begin so.
      const found = outcome.value.data.find((one) => one.name === name && one.language === language);
      return { kind: 'ok', value: found ?? null } as const;
    },

    /** @param templateId of one language; null for all languages of the name */
    remove: (wabaId: string, accessToken: string, name: string, templateId: string | null) => {
      const query = new URLSearchParams({ name, ...(templateId === null ? {} : { hsm_id: templateId }) });
      return call(Success, 'DELETE', `/${wabaId}/message_templates?${query}`, accessToken);
    },
  };
}
export type TemplateCalls = ReturnType<typeof templateCalls>;
