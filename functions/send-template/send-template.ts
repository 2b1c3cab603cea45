import type { KeyMode } from '../../shared/api-key.ts';
import { ApiError } from '../../shared/errors.ts';
import type { ApiRequest } from '../../shared/http/api-handler.ts';
import { invalidRequest } from '../../shared/http/field-errors.ts';
import { USER_ID } from '../../shared/http/fields.ts';
import type { ApiResponse } from '../../shared/http/response.ts';
import { requireCountry } from '../../shared/limits/country.ts';
import type { ConnectionSecret } from '../../shared/secrets.ts';
import type { Outgoing } from '../../shared/sending/send-once.ts';
import { senderOf } from '../../shared/sending/sender-of.ts';
import type { Connection } from '../../shared/store/connection-store.ts';
import type { Template } from '../../shared/store/template-store.ts';
import { needsOf } from '../../shared/templates/components.ts';
import { checkedComponents, fillTemplate } from '../../shared/templates/fill.ts';
import { shownContent } from '../../shared/templates/shown-content.ts';
import type { SendTemplateBody } from './schema.ts';

type Deps = {
  connectionOf: (brandId: string, mode: KeyMode) => Promise<Connection | null>;
  secretOf: (connection: Connection) => Promise<ConnectionSecret>;
  templateOf: (wabaId: string, name: string, language?: string) => Promise<Template>;
  sendOnce: (request: ApiRequest, prepare: () => Promise<Outgoing>) => Promise<ApiResponse>;
};

/** POST /send/template */
export const sendTemplate =
  ({ connectionOf, secretOf, templateOf, sendOnce }: Deps) =>
  (request: ApiRequest<SendTemplateBody>): Promise<ApiResponse> =>
    sendOnce(request, async () => {
      const { body, brandId } = request;
      const connection = await connectionOf(brandId, request.mode);
      if (!connection) throw new ApiError('connection_not_found', 'The brand has no active WhatsApp connection.');
      const { template_name: name } = body;
      const [template, secret] = await Promise.all([
        templateOf(connection.wabaId, name, body.language),
        secretOf(connection),
      ]);
      const { language, category } = template;
      const isCode = category === 'AUTHENTICATION';
      if (isCode && USER_ID.test(body.to)) throw phoneRequired();
      if (isCode) requireCountry(body.to, request.otpCountries);

      const needs = needsOf(template);
      const components = body.components
        ? checkedComponents(needs, body.components)
        : fillTemplate(needs, body, isCode);
      return {
        to: body.to,
        type: 'template',
        template: { name, language },
        graph: { type: 'template', template: { name, language: { code: language }, components } },
        content: shownContent(needs, components, isCode),
        reference: body.reference ?? null,
        isOtp: isCode,
        limits: connection.limits,
        from: senderOf(connection, secret),
      };
    });

/** meta-cloud-api §2.6: 131062. */
function phoneRequired(): ApiError {
  const message = 'Authentication templates can only be sent to a phone number.';
  return invalidRequest([{ pointer: '/to', code: 'phone_required', message }]);
}
