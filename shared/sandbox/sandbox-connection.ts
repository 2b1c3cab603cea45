import type { ConnectionSecret } from '../secrets.ts';
import type { Connection } from '../store/connection-store.ts';
import type { Template } from '../store/template-store.ts';

const NUMBER_PREFIX = 'sandbox-';
export const SANDBOX_WABA = 'sandbox';
/** Never leaves us: the client of Meta is not asked with it. */
export const SANDBOX_TOKEN = 'sandbox';
const SANDBOX_SECRET: ConnectionSecret = { access_token: SANDBOX_TOKEN, signing_secrets: [] };

/** What a sandbox key sends with: a number of Meta's that is none, and no endpoint of its own. */
export const sandboxConnection = (brandId: string): Connection => ({
  connectionId: `con_${NUMBER_PREFIX}${brandId}`,
  brandId,
  organisationId: '',
  status: 'active',
  phoneNumberId: NUMBER_PREFIX + brandId,
  wabaId: SANDBOX_WABA,
  secretArn: '',
  webhookUrl: null,
  eventFilter: [],
  defaultOtpTemplate: 'sandbox_otp',
  createdAt: 0,
});

/** Wraps the reading of secrets: the sandbox has none. */
export const withSandboxSecret =
  (secretOf: (connection: Connection) => Promise<ConnectionSecret>): typeof secretOf =>
  async (connection) =>
    connection.wabaId === SANDBOX_WABA ? SANDBOX_SECRET : secretOf(connection);

/**
 * Wraps finding whom a status is for: those of the sandbox go to the endpoint of the brand's real connection.
 * @param ofBrand the brand's real connection, if it has one
 */
export const withSandboxNumbers =
  (
    ofNumber: (phoneNumberId: string) => Promise<Connection | null>,
    ofBrand: (brandId: string) => Promise<Connection | null>,
  ): typeof ofNumber =>
  async (phoneNumberId) => {
    if (!phoneNumberId.startsWith(NUMBER_PREFIX)) return ofNumber(phoneNumberId);
    const brandId = phoneNumberId.slice(NUMBER_PREFIX.length);
    return (await ofBrand(brandId)) ?? sandboxConnection(brandId);
  };

/**
 * The templates of the sandbox: `sandbox_order_update` has two variables, every other name is a template for codes.
 * In English alone, and approved.
 */
export function sandboxTemplates(name: string): Template[] {
  const isOrder = name === 'sandbox_order_update';
  const button = { type: 'OTP', otp_type: 'COPY_CODE', text: 'Copy code' };
  const components = isOrder
    ? [{ type: 'BODY', text: 'Hello {{1}}, your order {{2}} is on its way.' }]
    : [
        { type: 'BODY', text: '{{1}} is your verification code.' },
        { type: 'BUTTONS', buttons: [button] },
      ];
  return [
    {
      wabaId: SANDBOX_WABA,
      nameLanguage: `${name}#en_US`,
      templateId: `sandbox_${name}`,
      name,
      language: 'en_US',
      status: 'APPROVED',
      category: isOrder ? 'UTILITY' : 'AUTHENTICATION',
      components,
      syncedAt: 0,
    },
  ];
}
