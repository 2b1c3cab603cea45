import * as z from 'zod';
import { toIso } from '../clock.ts';
import { TEMPLATE_STATUSES, type Template } from '../store/template-store.ts';
import { needsOf, type TemplateNeeds } from '../templates/components.ts';

const fields = {
  id: z.string().meta({ description: "Meta's id of this language version.", example: '700000000000001' }),
  name: z.string().meta({ description: 'Name, the same in every language.', example: 'order_update' }),
  language: z.string().meta({ description: 'Language code.', example: 'en_US' }),
  status: z
    .enum(TEMPLATE_STATUSES)
    .meta({ description: "Meta's status; only APPROVED ones can be sent.", example: 'APPROVED' }),
  category: z.string().meta({ description: 'AUTHENTICATION, MARKETING or UTILITY.', example: 'UTILITY' }),
  quality: z
    .string()
    .nullable()
    .meta({ description: 'GREEN, YELLOW, RED or UNKNOWN, where Meta tells.', example: 'GREEN' }),
  rejected_reason: z.string().nullable().meta({ description: 'Why Meta rejected it.', example: null }),
  synced_at: z.iso
    .datetime()
    .meta({ description: 'When we last heard of it from Meta.', example: '2026-11-22T10:30:00.000Z' }),
};

/** A language version of a template, in lists. */
export const TemplateView = z
  .object(fields)
  .meta({ id: 'Template', description: 'One language version of a template.' });

const TemplateVariables = z
  .object({
    format: z
      .enum(['POSITIONAL', 'NAMED'])
      .meta({ description: 'POSITIONAL: `variables` is a list; NAMED: an object.', example: 'POSITIONAL' }),
    body: z.array(z.string()).meta({ description: "Names of the body's variables in order.", example: ['1', '2'] }),
    header: z.string().nullable().meta({
      description: 'What the header takes: text, image, video, document, location; null for nothing.',
      example: null,
    }),
    buttons: z.array(
      z.object({
        index: z.number().meta({ description: 'Counted from 0.', example: 0 }),
        kind: z.enum(['url', 'quick_reply', 'copy_code']).meta({ description: 'What the value is.', example: 'url' }),
        required: z.boolean().meta({ description: 'Whether a send must give it.', example: true }),
      }),
    ),
  })
  .meta({ id: 'TemplateVariables', description: 'What a send of the template has to give.' });

export const TemplateVersion = z
  .object({
    ...fields,
    components: z.array(z.record(z.string(), z.unknown())).meta({
      description: "The template's parts, as Meta lists them.",
      example: [{ type: 'BODY', text: 'Hi {{1}}, your order {{2}} is on its way.' }],
    }),
    variables: TemplateVariables,
    send_example: z
      .object({
        path: z.string().meta({ description: 'Where to POST it.', example: '/api/v1/whatsapp/external/send/template' }),
        body: z.record(z.string(), z.unknown()).meta({
          description: 'A request body that fits the template; put in a recipient and your values.',
          example: {
            to: '+15550109999',
            template_name: 'order_update',
            language: 'en_US',
            variables: ['Ada', 'A-42'],
            buttons: [{ index: 0, value: 'A-42' }],
          },
        }),
      })
      .meta({ description: 'A ready request.' }),
  })
  .meta({ id: 'TemplateVersion', description: 'One language version of a template, with what a send of it needs.' });

export const TemplateDetail = z
  .object({
    name: z.string().meta({ description: 'Name of the template.', example: 'order_update' }),
    versions: z.array(TemplateVersion).meta({ description: 'One for each language.' }),
  })
  .meta({ id: 'TemplateDetail', description: 'A template in all its languages.' });

export const templateView = (template: Template): z.input<typeof TemplateView> => ({
  id: template.templateId,
  name: template.name,
  language: template.language,
  status: template.status,
  category: template.category,
  quality: template.quality ?? null,
  rejected_reason: template.rejectedReason ?? null,
  synced_at: toIso(template.syncedAt),
});

/** @param prefix what the paths of the API begin with, the gateway's stage included */
export function templateVersion(template: Template, prefix: string): z.input<typeof TemplateVersion> {
  const needs = needsOf(template);
  return {
    ...templateView(template),
    components: template.components,
    variables: {
      format: needs.isNamed ? 'NAMED' : 'POSITIONAL',
      body: needs.body,
      header: needs.header?.kind ?? null,
      buttons: needs.buttons.map(({ index, kind, isRequired }) => ({ index, kind, required: isRequired })),
    },
    send_example: sendExample(template, needs, prefix),
  };
}

const SOMEBODY = '+15550109999';

function sendExample({ name, language, category }: Template, needs: TemplateNeeds, prefix: string) {
  const common = { to: SOMEBODY, template_name: name, language };
  if (category === 'AUTHENTICATION') return { path: `${prefix}/send/otp`, body: { ...common, code: '123456' } };
  const value = (variable: string) => `value of ${variable}`;
  const variables = needs.isNamed
    ? Object.fromEntries(needs.body.map((one) => [one, value(one)]))
    : needs.body.map(value);
  const buttons = needs.buttons
    .filter(({ isRequired }) => isRequired)
    .map(({ index }) => ({ index, value: 'CODE-42' }));
  return {
    path: `${prefix}/send/template`,
    body: {
      ...common,
      ...(needs.body.length > 0 ? { variables } : {}),
      ...(needs.header ? { header: exampleHeader(needs.header.kind) } : {}),
      ...(buttons.length > 0 ? { buttons } : {}),
    },
  };
}

function exampleHeader(kind: NonNullable<TemplateNeeds['header']>['kind']): Record<string, unknown> {
  if (kind === 'text') return { type: kind, text: 'value' };
  if (kind === 'location') return { type: kind, latitude: 37.44, longitude: -122.16 };
  return { type: kind, link: `https://example.com/${kind}` };
}
