import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

type Caller = {
  /** As an AWS client has them. */
  config: {
    credentials: () => Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken?: string }>;
    region: () => Promise<string>;
  };
};

/** What the signer wants of a hash. */
class Sha256 {
  private readonly hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key = secret === undefined || typeof secret === 'string' ? secret : Buffer.from(secret as Uint8Array);
    this.hash = key === undefined ? createHash('sha256') : createHmac('sha256', key);
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer));
  }
  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }
  reset(): void {
    throw new Error('not used');
  }
}

/**
 * Makes a gateway forget what it remembers of callers: what was changed of a key or a member holds at once, not within
 * 60 s. `FlushStageAuthorizersCache`: https://docs.aws.amazon.com/apigateway/latest/api/API_FlushStageAuthorizersCache.html
 * One signed request, and not API Gateway's client: it is the only call, and the client is another 300 KB.
 * @param client any AWS client: it knows who we are
 * @throws when API Gateway does not accept it
 */
export async function flushAuthorizerCache(client: Caller, restApiId: string, stage: string): Promise<void> {
  const region = await client.config.region();
  // Where the SDK's clients would go, too.
  const origin = process.env.AWS_ENDPOINT_URL ?? `https://apigateway.${region}.amazonaws.com`;
  const { protocol, hostname, port, host } = new URL(origin);
  const path = `/restapis/${restApiId}/stages/${stage}/cache/authorizers`;
  const signer = new SignatureV4({
    service: 'apigateway',
    region,
    credentials: client.config.credentials,
    sha256: Sha256,
  });
  const { headers } = await signer.sign({
    ...{ method: 'DELETE', protocol, hostname, path, query: {}, headers: { host } },
    ...(port === '' ? {} : { port: Number(port) }),
  });
  const response = await fetch(`${origin}${path}`, { method: 'DELETE', headers });
  if (!response.ok) throw new Error(`API Gateway answered ${response.status} to the flush of its cache`);
}
