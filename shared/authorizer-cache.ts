import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import * as z from 'zod';

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
 * One signed request to API Gateway's control plane, and not its client: two calls are all we make, and the client is
 * another 300 KB. @param client any AWS client: it knows who we are
 */
async function controlPlane(
  client: Caller,
  method: 'GET' | 'DELETE',
  path: string,
  query: Record<string, string> = {},
) {
  const region = await client.config.region();
  // Where the SDK's clients would go, too.
  const origin = process.env.AWS_ENDPOINT_URL ?? `https://apigateway.${region}.amazonaws.com`;
  const { protocol, hostname, port, host } = new URL(origin);
  const credentials = client.config.credentials;
  const signer = new SignatureV4({ service: 'apigateway', region, credentials, sha256: Sha256 });
  const { headers } = await signer.sign({
    ...{ method, protocol, hostname, path, query, headers: { host, accept: 'application/json' } },
    ...(port === '' ? {} : { port: Number(port) }),
  });
  const response = await fetch(`${origin}${path}?${new URLSearchParams(query)}`.replace(/\?$/, ''), {
    method,
    headers,
  });
  if (!response.ok) throw new Error(`API Gateway answered ${response.status} to ${method} ${path}`);
  return response;
}

/**
 * Makes a gateway forget what it remembers of callers: what was changed of a key or a member holds at once, not within
 * 60 s. `FlushStageAuthorizersCache`: https://docs.aws.amazon.com/apigateway/latest/api/API_FlushStageAuthorizersCache.html
 * @throws when API Gateway does not accept it
 */
export async function flushAuthorizerCache(client: Caller, restApiId: string, stage: string): Promise<void> {
  await controlPlane(client, 'DELETE', `/restapis/${restApiId}/stages/${stage}/cache/authorizers`);
}

const RestApis = z.object({ item: z.array(z.object({ id: z.string(), name: z.string() })).default([]) });

/** Name → id of the gateways of the account and region. `GetRestApis`; an account has 600 at most. */
export async function restApiIds(client: Caller): Promise<Map<string, string>> {
  const response = await controlPlane(client, 'GET', '/restapis', { limit: '500' });
  return new Map(RestApis.parse(await response.json()).item.map(({ id, name }) => [name, id]));
}
