import type { Brand } from './api/types.ts';

type Wish = { origin: string; brand: Brand | undefined; template?: string | undefined };

/** A command to paste. The key is in the shell's environment: a secret has no business in a page, or in a history. */
export const firstOtpCurl = ({ origin, brand, template }: Wish): string =>
  [
    ...(brand ? [`# as ${brand.name} (${brand.id})`] : []),
    `curl -X POST '${origin}/v1/whatsapp/external/send/otp' \\`,
    `  -H "X-API-Key: $QUIXESS_API_KEY" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -H "Idempotency-Key: $(uuidgen)" \\`,
    `  -d '${JSON.stringify({ to: '+15550109999', code: '482913', ...(template && { template_name: template }) })}'`,
  ].join('\n');

export const keyCurl = (origin: string): string =>
  `curl '${origin}/v1/whatsapp/external/key' -H "X-API-Key: $QUIXESS_API_KEY"`;

/** `path` begins at the host, as the API gives it. */
export const templateCurl = (origin: string, { path, body }: { path: string; body: Record<string, unknown> }): string =>
  [
    `curl -X POST '${new URL(path, origin).href}' \\`,
    `  -H "X-API-Key: $QUIXESS_API_KEY" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -H "Idempotency-Key: $(uuidgen)" \\`,
    `  -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`,
  ].join('\n');
