/** A redirect or a foreign host would be given the tenant's token. */
const META_HOSTS = /(?:^|\.)(?:fbsbx\.com|facebook\.com|whatsapp\.net)$/;

type Limits = { maxBytes: number; timeoutMs: number };
export type Download = { kind: 'ok'; bytes: Buffer; mimeType: string } | { kind: 'too_large' } | { kind: 'gone' };

/**
 * Fetches a file by the link Meta gave for it (meta-cloud-api §3); the link needs the token, and lives five minutes.
 * @param graphUrl on one machine Meta is simulated: its own host is Meta's then
 * @throws when Meta does not answer, or the link is not Meta's
 */
export async function downloadMedia(
  url: string,
  accessToken: string,
  graphUrl: string,
  { maxBytes, timeoutMs }: Limits,
): Promise<Download> {
  const link = new URL(url);
  const isMeta = link.protocol === 'https:' && META_HOSTS.test(link.hostname);
  if (!isMeta && link.origin !== new URL(graphUrl).origin) throw new Error("The link of a file is not Meta's");
  const response = await fetch(link, {
    headers: { authorization: `Bearer ${accessToken}`, 'user-agent': 'quixess' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status === 404) return { kind: 'gone' };
  if (!response.ok || !response.body) throw new Error(`Meta answered ${response.status} for a file`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) return { kind: 'too_large' };
    chunks.push(chunk);
  }
  const mimeType = response.headers.get('content-type') ?? 'application/octet-stream';
  return { kind: 'ok', bytes: Buffer.concat(chunks), mimeType };
}
