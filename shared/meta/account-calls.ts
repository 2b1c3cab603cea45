import * as z from 'zod';
import type { CallOutcome, GraphClient } from './graph-client.ts';

// Lazily: who sends asks none of this unless Meta refuses its token.

/** What is known of a token: meta-cloud-api §8, `debug_token`. */
export const TokenInfo = z.lazy(() =>
  z.looseObject({
    app_id: z.string().optional(),
    /** SYSTEM_USER, USER, PAGE … */
    type: z.string().optional(),
    is_valid: z.boolean(),
    /** Unix seconds; 0 for never. Data access ends by itself where the token was given by a person. */
    expires_at: z.number().default(0),
    data_access_expires_at: z.number().default(0),
    scopes: z.array(z.string()).default([]),
    /** A scope without `target_ids` holds for everything its user may use. */
    granular_scopes: z
      .array(z.looseObject({ scope: z.string(), target_ids: z.array(z.string()).optional() }))
      .default([]),
  }),
);
export type TokenInfo = z.output<typeof TokenInfo>;

const text = z.string().nullish().catch(null);

/** A number as the Graph API shows it: meta-cloud-api §7. */
export const GraphNumber = z.lazy(() =>
  z.looseObject({
    id: z.string(),
    display_phone_number: text,
    verified_name: text,
    quality_rating: text,
    status: text,
    name_status: text,
    code_verification_status: text,
    throughput: z.looseObject({ level: text }).nullish().catch(null),
    whatsapp_business_manager_messaging_limit: text,
  }),
);
export type GraphNumber = z.output<typeof GraphNumber>;

const ROWS = '100';
/** A business has some twenty numbers; what pages on and on is no answer. */
const MAX_PAGES = 10;

const NumbersPage = z.lazy(() =>
  z.looseObject({
    data: z.array(GraphNumber),
    paging: z
      .looseObject({ cursors: z.looseObject({ after: z.string().optional() }).optional(), next: z.string().optional() })
      .optional(),
  }),
);
const Subscriptions = z.lazy(() =>
  z.looseObject({
    data: z.array(z.looseObject({ whatsapp_business_api_data: z.looseObject({ id: z.string() }) })),
  }),
);
const Success = z.looseObject({ success: z.literal(true) });

/** What connecting a number asks of Meta, each with the customer's own token. May all be repeated. */
export function accountCalls({ call }: Pick<GraphClient, 'call'>) {
  return {
    /** A token looks at itself: no right of ours is needed, and a dead one is refused with 190. */
    async debugToken(accessToken: string): Promise<CallOutcome<TokenInfo>> {
      const query = new URLSearchParams({ input_token: accessToken });
      const outcome = await call(z.looseObject({ data: TokenInfo }), 'GET', `/debug_token?${query}`, accessToken);
      return outcome.kind === 'ok' ? { kind: 'ok', value: outcome.value.data } : outcome;
    },

    /** The number among those of the WABA; null when it has no such number. */
    async numberOfWaba(wabaId: string, phoneNumberId: string, accessToken: string) {
      let after: string | undefined;
      for (let page = 0; page < MAX_PAGES; page++) {
        const query = new URLSearchParams({
          fields: Object.keys(GraphNumber.unwrap().shape).join(','),
          limit: ROWS,
          ...(after ? { after } : {}),
        });
        const outcome: CallOutcome<z.output<typeof NumbersPage>> = await call(
          NumbersPage,
          'GET',
          `/${wabaId}/phone_numbers?${query}`,
          accessToken,
        );
        if (outcome.kind !== 'ok') return outcome;
        const { data, paging } = outcome.value;
        const found = data.find(({ id }) => id === phoneNumberId);
        after = paging?.cursors?.after;
        if (found || paging?.next === undefined || after === undefined)
          return { kind: 'ok', value: found ?? null } as const;
      }
      return { kind: 'ok', value: null } as const;
    },

    /** Ids of the apps that get the webhooks of a WABA. */
    async subscribedApps(wabaId: string, accessToken: string): Promise<CallOutcome<string[]>> {
      const outcome = await call(Subscriptions, 'GET', `/${wabaId}/subscribed_apps`, accessToken);
      if (outcome.kind !== 'ok') return outcome;
      return { kind: 'ok', value: outcome.value.data.map((one) => one.whatsapp_business_api_data.id) };
    },

    /** The token's app gets the webhooks of the WABA, at the app's own URL: an override is cleared. Twice is once. */
    subscribe: (wabaId: string, accessToken: string) =>
      call(Success, 'POST', `/${wabaId}/subscribed_apps`, accessToken),
    unsubscribe: (wabaId: string, accessToken: string) =>
      call(Success, 'DELETE', `/${wabaId}/subscribed_apps`, accessToken),
  };
}
export type AccountCalls = ReturnType<typeof accountCalls>;
