import * as z from 'zod';
import type { Account, AccountStore, App } from '../accounts.ts';
import { json, type Reply } from '../http.ts';
import { parseStrictly } from '../messages/validate.ts';
import { randomTraceId } from '../random-ids.ts';
import { PERMISSIONS, type TokenStore } from '../tokens.ts';
import { verifyCallback } from '../webhooks/post.ts';
import type { GraphCall } from './call.ts';
import { GraphError } from './error.ts';

const Subscribe = z.strictObject({ override_callback_uri: z.url().max(200), verify_token: z.string().min(1) });
const Register = z.strictObject({
  messaging_product: z.literal('whatsapp'),
  pin: z.string().regex(/^\d{6}$/),
  data_localization_region: z.string().length(2).optional(),
});

type Deps = { accounts: AccountStore; tokens: TokenStore; app: App };

/** What connecting a customer needs: numbers, subscription, token (meta-cloud-api §7, §8). */
export function accountEndpoints({ accounts, tokens, app }: Deps) {
  const isOurs = ({ token }: GraphCall): boolean => token === null || token.appId === app.id;

  return {
    listSubscriptions(call: GraphCall): Reply {
      const account = accounts.byWabaId(call.account.wabaId);
      const entry = {
        whatsapp_business_api_data: { id: app.id, name: 'Quixess', link: 'https://www.facebook.com/games/?app_id=0' },
        ...(account?.overrideUrl ? { override_callback_uri: account.overrideUrl } : {}),
      };
      return json(200, { data: account?.isSubscribed ? [entry] : [] });
    },

    /** Without a body it subscribes and clears any override; an override is taken after Meta's handshake. */
    async subscribe(call: GraphCall): Promise<Reply> {
      const isEmpty = call.body === undefined || Object.keys(z.looseObject({}).parse(call.body)).length === 0;
      const override = isEmpty ? null : parseStrictly(Subscribe, call.body);
      if (override !== null) {
        const result = await verifyCallback(override.override_callback_uri, override.verify_token, randomTraceId());
        if (!result.is_verified) throw new GraphError(2200, { details: `The callback answered ${result.status}.` });
      }
      // It is the token's own app that is subscribed.
      if (isOurs(call)) accounts.setSubscription(call.account.wabaId, true, override?.override_callback_uri ?? null);
      return json(200, { success: true });
    },

    unsubscribe(call: GraphCall): Reply {
      if (isOurs(call)) accounts.setSubscription(call.account.wabaId, false, null);
      return json(200, { success: true });
    },

    /** An unknown token is no error here: the answer says it is not valid. */
    debugToken(call: GraphCall): Reply {
      const token = call.query.get('input_token');
      if (token === null) throw new GraphError(100, { message: 'The parameter input_token is required.' });
      const known = tokens.find(token);
      if (known === undefined) {
        const error = { code: 190, message: 'Invalid OAuth access token data.' };
        return json(200, { data: { error, is_valid: false, scopes: [] } });
      }
      const seconds = (ms: number) => Math.floor(ms / 1000);
      const { appId, type, scopes, targetIds, expiresAt, isRevoked, issuedAt, account } = known;
      const isValid = tokens.isAlive(known);
      const error = {
        code: 190,
        message: `Error validating access token: ${isRevoked ? 'The user has not authorized the application.' : 'Session has expired.'}`,
        subcode: isRevoked ? 458 : 463,
      };
      return json(200, {
        data: {
          app_id: appId,
          type,
          application: appId === app.id ? 'Quixess' : 'Another app',
          data_access_expires_at: 0,
          expires_at: expiresAt === null ? 0 : seconds(expiresAt), // 0: never
          is_valid: isValid,
          issued_at: seconds(issuedAt),
          ...(isValid ? {} : { error }),
          scopes,
          granular_scopes: scopes
            .filter((scope) => PERMISSIONS.some((known) => known === scope))
            .map((scope) => ({ scope, ...(targetIds === null ? {} : { target_ids: targetIds }) })),
          user_id: account.businessId,
        },
      });
    },

    phoneNumber: (call: GraphCall): Reply => json(200, project(phoneNumber(call.account), call.query)),

    phoneNumbers: (call: GraphCall): Reply => {
      const cursors = { before: 'QVFIU', after: 'QVFIU' };
      return json(200, { data: [project(phoneNumber(call.account), call.query)], paging: { cursors } });
    },

    waba(call: GraphCall): Reply {
      const { wabaId, verifiedName, businessId } = call.account;
      const fields = { id: wabaId, name: verifiedName, currency: 'USD', timezone_id: '1', country: 'US' };
      const owner = { id: businessId, name: verifiedName };
      return json(
        200,
        project({ ...fields, account_review_status: 'APPROVED', owner_business_info: owner }, call.query),
      );
    },

    register(call: GraphCall): Reply {
      parseStrictly(Register, call.body);
      return json(200, { success: true });
    },
  };
}

export type AccountEndpoints = ReturnType<typeof accountEndpoints>;

function phoneNumber(account: Account): Record<string, unknown> {
  return {
    id: account.phoneNumberId,
    verified_name: account.verifiedName,
    code_verification_status: 'VERIFIED',
    display_phone_number: formatted(account.displayPhoneNumber),
    quality_rating: 'GREEN',
    platform_type: 'CLOUD_API',
    throughput: { level: 'STANDARD' },
    status: 'CONNECTED',
    name_status: 'APPROVED',
    account_mode: 'LIVE',
    whatsapp_business_manager_messaging_limit: 'TIER_2K',
    health_status: {
      can_send_message: 'AVAILABLE',
      entities: [{ entity_type: 'PHONE_NUMBER', id: account.phoneNumberId, can_send_message: 'AVAILABLE' }],
    },
  };
}

/** REST shows numbers with spaces and hyphens, webhooks only digits (meta-cloud-api §7). */
function formatted(digits: string): string {
  return `+${digits.slice(0, 1)} ${digits.slice(1, 4)}-${digits.slice(4, 7)}-${digits.slice(7)}`;
}

function project(object: Record<string, unknown>, query: URLSearchParams): object {
  const fields = query.get('fields')?.split(',');
  if (fields === undefined) return object;
  const unknown = fields.find((field) => !Object.hasOwn(object, field));
  if (unknown !== undefined) throw new GraphError(100, { message: `Tried accessing nonexistent field (${unknown})` });
  return Object.fromEntries(Object.entries(object).filter(([key]) => key === 'id' || fields.includes(key)));
}
