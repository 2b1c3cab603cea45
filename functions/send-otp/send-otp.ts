import type { KeyMode } from '../../shared/api-key.ts';
import { ApiError } from '../../shared/errors.ts';
import type { ApiRequest } from '../../shared/http/api-handler.ts';
import { invalidRequest } from '../../shared/http/field-errors.ts';
import type { ApiResponse } from '../../shared/http/response.ts';
import { requireCountry } from '../../shared/limits/country.ts';
import type { ConnectionSecret } from '../../shared/secrets.ts';
import type { Outgoing } from '../../shared/sending/send-once.ts';
import { senderOf } from '../../shared/sending/sender-of.ts';
import type { Connection } from '../../shared/store/connection-store.ts';
import type { Template } from '../../shared/store/template-store.ts';
import type { SendOtpBody } from './schema.ts';

/** What history shows in place of the code. */
const MASK = '••••••';

type Deps = {
  connectionOf: (brandId: string, mode: KeyMode) => Promise<Connection | null>;
  secretOf: (connection: Connection) => Promise<ConnectionSecret>;
  templateOf: (wabaId: string, name: string, language?: string) => Promise<Template>;
  sendOnce: (request: ApiRequest<unknown>, prepare: () => Promise<Outgoing>) => Promise<ApiResponse>;
};

/** POST /send/otp: a code by an authentication template. The code is never stored, logged or answered. */
export const sendOtp =
  ({ connectionOf, secretOf, templateOf, sendOnce }: Deps) =>
  (request: ApiRequest<SendOtpBody>): Promise<ApiResponse> =>
    sendOnce(request, async () => {
      const { body, brandId } = request;
      requireCountry(body.to, request.otpCountries);
      const connection = await connectionOf(brandId, request.mode);
      if (!connection) throw new ApiError('connection_not_found', 'The brand has no active WhatsApp connection.');
      const name = body.template_name ?? connection.defaultOtpTemplate;
      if (!name) throw refusal('required', 'The brand has no default OTP template: name one.');
      const [{ language, category }, secret] = await Promise.all([
        templateOf(connection.wabaId, name, body.language),
        secretOf(connection),
      ]);
      if (category !== 'AUTHENTICATION')
        throw refusal('not_an_otp_template', 'This is not an authentication template.');
      return {
        to: body.to,
        type: 'template',
        template: { name, language },
        graph: { type: 'template', template: { name, language: { code: language }, components: codeTwice(body.code) } },
        content: { code: MASK },
        reference: body.reference ?? null,
        isOtp: true,
        limits: connection.limits,
        from: senderOf(connection, secret),
      };
    });

const refusal = (code: string, message: string) => invalidRequest([{ pointer: '/template_name', code, message }]);

/** Meta wants the code in the body and in the button, whatever kind of button it is (meta-cloud-api §2.3). */
const codeTwice = (code: string) => [
  { type: 'body', parameters: [{ type: 'text', text: code }] },
  { type: 'button', sub_type: 'url', index: '0', parameters: [{ type: 'text', text: code }] },
];
