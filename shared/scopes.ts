/** The seven scopes of the product page, in its order. */
export const SCOPES = [
  'whatsapp:send_otp',
  'whatsapp:send_template',
  'whatsapp:reply',
  'whatsapp:read_templates',
  'whatsapp:read_messages',
  'whatsapp:read_conversations',
  'whatsapp:manage_webhooks',
] as const;

export type Scope = (typeof SCOPES)[number];
