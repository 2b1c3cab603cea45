import type * as z from 'zod';
import { toIso } from '../clock.ts';
import { TemplateUpdate as MetaTemplate, TemplateButton } from '../meta/account-schema.ts';
import type { TemplateUpdate } from './inbound-update.ts';
import type { ChangeContext } from './normalize-context.ts';

/** Any of the four template fields: meta-cloud-api §5.6. */
export function readTemplate(context: ChangeContext, value: Record<string, unknown>): void {
  const template = MetaTemplate.safeParse(value).data;
  const told = template && changeOf(template);
  const { waba_id, entryTime, receivedAt } = context;
  if (!template || !told || waba_id === null) {
    context.keep('unreadable', value);
    return;
  }
  context.add({
    kind: 'template',
    waba_id,
    at: entryTime ?? receivedAt,
    is_time_known: entryTime !== undefined,
    template_id: template.message_template_id ?? null,
    name: template.message_template_name,
    language: languageCode(template.message_template_language),
    ...told,
  });
}

/** Meta's webhooks say `en-US` for what its lists and sends call `en_US`. */
const languageCode = (language: string): string => language.replaceAll('-', '_');

type Template = z.output<typeof MetaTemplate>;
type Told = Pick<TemplateUpdate, 'change' | 'value' | 'details'>;

/** Told by the keys that are there, for Meta's own sample of a quality update has the name of another field. */
function changeOf(template: Template): Told | null {
  if (template.new_quality_score !== undefined) return quality(template, template.new_quality_score);
  if (template.new_category !== undefined || template.correct_category !== undefined) return category(template);
  if (template.event !== undefined) return status(template, template.event);
  if (template.message_template_element !== undefined) return components(template);
  return null;
}

function status(template: Template, event: string): Told {
  const { rejection_info, disable_info, other_info } = template;
  return {
    change: 'status',
    value: event,
    details: {
      reason: template.reason === 'NONE' ? null : (template.reason ?? null),
      rejection: rejection_info
        ? { reason: rejection_info.reason ?? null, recommendation: rejection_info.recommendation ?? null }
        : null,
      disabled_at: disable_info?.disable_date === undefined ? null : toIso(disable_info.disable_date),
      note: other_info ? { title: other_info.title ?? null, description: other_info.description ?? null } : null,
    },
  };
}

/** Impending: `new_category` is the present one and `correct_category` the one to come. */
function category(template: Template): Told {
  const {
    new_category = null,
    previous_category = null,
    correct_category = null,
    category_update_timestamp,
  } = template;
  return {
    change: 'category',
    value: new_category,
    details: {
      previous_category,
      upcoming_category: correct_category,
      effective_at: category_update_timestamp === undefined ? null : toIso(category_update_timestamp),
    },
  };
}

const quality = (template: Template, value: string): Told => ({
  change: 'quality',
  value,
  details: { previous_quality: template.previous_quality_score ?? null },
});

function components(template: Template): Told {
  const buttons = (template.message_template_buttons ?? []).flatMap((raw) => {
    const button = TemplateButton.safeParse(raw).data;
    if (!button) return [];
    return {
      type: button.message_template_button_type ?? null,
      text: button.message_template_button_text ?? null,
      url: button.message_template_button_url ?? null,
      phone_number: button.message_template_button_phone_number ?? null,
    };
  });
  return {
    change: 'components',
    value: null,
    details: {
      header: template.message_template_title ?? null,
      body: template.message_template_element ?? null,
      footer: template.message_template_footer ?? null,
      buttons,
    },
  };
}
