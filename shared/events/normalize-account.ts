import type * as z from 'zod';
import { toIso } from '../clock.ts';
import * as meta from '../meta/account-schema.ts';
import type { AccountUpdate } from './inbound-update.ts';
import type { ChangeContext } from './normalize-context.ts';
import type { AccountDetails } from './schemas/other-events.ts';

type FieldReader = (context: ChangeContext, value: Record<string, unknown>) => void;
type Told = { event: string; details: { [K in keyof AccountDetails]?: AccountDetails[K] | undefined } };

/** One row per field about an account or a number: meta-cloud-api §5.8. */
export const ACCOUNT_FIELDS: readonly [string, FieldReader][] = [
  [
    'account_update',
    field('account', meta.AccountUpdate, (value) => ({
      event: value.event,
      details: {
        restrictions: value.restriction_info?.flatMap((raw) => {
          const restriction = meta.Restriction.safeParse(raw).data;
          if (!restriction) return [];
          const { restriction_type: type, expiration } = restriction;
          return { type, expires_at: expiration === undefined ? null : toIso(expiration) };
        }),
        ban_state: value.ban_info?.waba_ban_state,
        ban_date: value.ban_info?.waba_ban_date,
        violation_type: value.violation_info?.violation_type,
        disconnection_reason: value.disconnection_info?.reason,
        disconnected_by: value.disconnection_info?.initiated_by,
      },
    })),
  ],
  [
    'phone_number_quality_update',
    field('phone_number_quality', meta.PhoneNumberQuality, (value) => ({
      event: value.event,
      details: {
        display_phone_number: value.display_phone_number,
        limit: value.current_limit,
        previous_limit: value.old_limit,
        max_daily_conversations: value.max_daily_conversations_per_business,
      },
    })),
  ],
  [
    'phone_number_name_update',
    field('phone_number_name', meta.PhoneNumberName, (value) => ({
      event: value.decision,
      details: {
        display_phone_number: value.display_phone_number,
        requested_name: value.requested_verified_name,
        reason: value.rejection_reason ?? undefined,
      },
    })),
  ],
  [
    'business_capability_update',
    field('capability', meta.Capability, (value) => ({
      event: 'CAPABILITY_UPDATE',
      details: {
        max_daily_conversations: value.max_daily_conversations_per_business,
        max_phone_numbers: value.max_phone_numbers_per_business,
        max_phone_numbers_per_waba: value.max_phone_numbers_per_waba,
      },
    })),
  ],
  ['account_review_update', field('review', meta.AccountReview, (value) => ({ event: value.decision, details: {} }))],
  [
    'account_alerts',
    field('alert', meta.AccountAlert, ({ entity_type, entity_id, alert_info }) => ({
      event: alert_info.alert_type,
      details: {
        entity_type,
        entity_id,
        severity: alert_info.alert_severity,
        status: alert_info.alert_status,
        description: alert_info.alert_description,
      },
    })),
  ],
  [
    'security',
    field('security', meta.Security, ({ event, display_phone_number, requester }) => ({
      event,
      details: { display_phone_number, requester },
    })),
  ],
];

function field<S extends z.ZodType>(
  change: AccountUpdate['change'],
  schema: S,
  shape: (value: z.output<S>) => Told,
): FieldReader {
  return (context, raw) => {
    const value = schema.safeParse(raw);
    const { phone_number_id, waba_id, entryTime, receivedAt } = context;
    if (!value.success || (phone_number_id === null && waba_id === null)) {
      context.keep('unreadable', raw);
      return;
    }
    const { event, details } = shape(value.data);
    context.add({
      ...{ kind: 'account', phone_number_id, waba_id, change, event },
      at: entryTime ?? receivedAt,
      is_time_known: entryTime !== undefined,
      details: withoutAbsent(details),
    });
  };
}

const withoutAbsent = (details: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
