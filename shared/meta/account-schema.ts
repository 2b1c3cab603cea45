import * as z from 'zod';
import { lenient, list, MetaId, number, OpaqueId, Timestamp, text } from './webhook-schema.ts';

// The fields that are not about messages: meta-cloud-api §5.6 to §5.8.

const label = z.string().min(1).max(512);

/**
 * Any of the four template fields. Which of them it is shows in the keys and not in the name of the field: Meta's own
 * sample of a quality update has the wrong one.
 */
export const TemplateUpdate = z.object({
  message_template_id: lenient(MetaId),
  // Together they are a key of the templates table, of at most 1,024 bytes.
  message_template_name: z.string().regex(/^[\x20-\x7e]{1,512}$/),
  message_template_language: z.string().regex(/^[\w-]{1,16}$/),
  message_template_category: text,
  event: text,
  /** null for a scheduled deletion. */
  reason: lenient(z.string().nullable()),
  rejection_info: lenient(z.object({ reason: text, recommendation: text })),
  disable_info: lenient(z.object({ disable_date: lenient(Timestamp) })),
  other_info: lenient(z.object({ title: text, description: text })),
  previous_quality_score: text,
  new_quality_score: text,
  previous_category: text,
  new_category: text,
  correct_category: text,
  category_update_timestamp: lenient(Timestamp),
  message_template_title: text,
  message_template_element: text,
  message_template_footer: text,
  message_template_buttons: list,
});
export const TemplateButton = z.object({
  message_template_button_type: text,
  message_template_button_text: text,
  message_template_button_url: text,
  message_template_button_phone_number: text,
});

export const Call = z.object({
  id: OpaqueId,
  event: z.string(),
  timestamp: Timestamp,
  from: text,
  from_user_id: text,
  to: text,
  to_user_id: text,
  direction: text,
  session: lenient(z.object({ sdp_type: text })),
  deeplink_payload: text,
  cta_payload: text,
  status: text,
  start_time: lenient(Timestamp),
  end_time: lenient(Timestamp),
  duration: number,
  errors: list,
});
export const CallStatus = z.object({
  id: OpaqueId,
  status: z.string().min(1),
  timestamp: Timestamp,
  recipient_id: text,
  recipient_user_id: text,
});

export const UserPreference = z.object({
  wa_id: text,
  user_id: text,
  detail: text,
  category: label,
  value: label,
  timestamp: Timestamp,
});

export const UserIdUpdate = z.object({
  wa_id: text,
  user_id: z.object({ previous: text, current: label }),
  detail: text,
  timestamp: Timestamp,
});

/** Partner events are about the WABA in `waba_info`; their entry's id is a business portfolio. */
export const NestedWaba = z.object({ waba_info: z.object({ waba_id: MetaId }) });

export const AccountUpdate = z.object({
  event: label,
  restriction_info: list,
  ban_info: lenient(z.object({ waba_ban_state: text, waba_ban_date: text })),
  violation_info: lenient(z.object({ violation_type: text })),
  disconnection_info: lenient(z.object({ reason: text, initiated_by: text })),
});
export const Restriction = z.object({ restriction_type: z.string(), expiration: lenient(Timestamp) });

const limit = lenient(z.union([z.string(), z.number().transform(String)]));

export const PhoneNumberQuality = z.object({
  display_phone_number: text,
  event: label,
  current_limit: limit,
  old_limit: limit,
  max_daily_conversations_per_business: limit,
});
export const PhoneNumberName = z.object({
  display_phone_number: text,
  decision: label,
  requested_verified_name: text,
  rejection_reason: lenient(z.string().nullable()),
});
export const Capability = z.object({
  max_daily_conversations_per_business: limit,
  max_phone_numbers_per_business: number,
  max_phone_numbers_per_waba: number,
});
export const AccountReview = z.object({ decision: label });
export const AccountAlert = z.object({
  entity_type: text,
  entity_id: lenient(MetaId),
  alert_info: z.object({
    alert_severity: text,
    alert_status: text,
    alert_type: label,
    alert_description: text,
  }),
});
export const Security = z.object({ display_phone_number: text, event: label, requester: lenient(MetaId) });
