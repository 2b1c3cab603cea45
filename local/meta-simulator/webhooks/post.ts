import { hubSignatures } from './wire-json.ts';

/** Meta does not publish its timeout. Real time: the receiver's work is real, whatever the virtual clock's speed. */
const TIMEOUT_MS = 20_000;

/** What came back; `status` is null when nothing did. */
export type PostResult = { status: number | null; body: string; error?: string };

type PostOptions = { appSecret: string; isSignatureWrong?: boolean; signal?: AbortSignal };

/** Posts exact bytes, signed as Meta signs them. */
export async function postWebhook(url: string, body: Buffer, options: PostOptions): Promise<PostResult> {
  const secret = options.isSignatureWrong ? `not-${options.appSecret}` : options.appSecret;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'facebookexternalua',
        accept: '*/*',
        ...hubSignatures(secret, body),
      },
      body: new Uint8Array(body),
      redirect: 'manual',
      signal: options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]),
    });
    return { status: answer.status, body: await answer.text() };
  } catch (cause) {
    return { status: null, body: '', error: describe(cause) };
  }
}

/** Meta's handshake before it accepts a callback URL (meta-cloud-api §5.1). */
export async function verifyCallback(url: string, verifyToken: string, challenge: string) {
  const target = new URL(url);
  target.searchParams.set('hub.mode', 'subscribe');
  target.searchParams.set('hub.challenge', challenge);
  target.searchParams.set('hub.verify_token', verifyToken);
  try {
    const answer = await fetch(target, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
    const body = await answer.text();
    return { is_verified: answer.status === 200 && body === challenge, status: answer.status, challenge, body };
  } catch (cause) {
    return { is_verified: false, status: null, challenge, body: '', error: describe(cause) };
  }
}

function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? `${cause.message}: ${cause.cause.message}` : cause.message;
}
