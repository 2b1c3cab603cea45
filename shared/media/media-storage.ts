import { createHash } from 'node:crypto';
import { encode, presign, type S3Credentials } from './presign.ts';

/** S3 takes 100 MB well within this, milliseconds; the function has a minute for everything. */
const PUT_TIMEOUT_MS = 25_000;

/** Files of inbound messages. Key: brand/message id. */
export function mediaStorage(bucketName: string) {
  // What Lambda tells every function, and the SDK's clients read likewise. An endpoint is given on one machine only.
  const { AWS_REGION: region = '', AWS_ENDPOINT_URL: endpoint } = process.env;
  const bucketUrl = endpoint ? `${endpoint}/${bucketName}` : `https://${bucketName}.s3.${region}.amazonaws.com`;
  const urlOf = (key: string) => new URL(`${bucketUrl}/${key.split('/').map(encode).join('/')}`);
  const sign = (method: 'GET' | 'PUT', url: URL, expiresInSeconds: number) =>
    presign({ method, url, region, credentials: ownCredentials(), now: Date.now(), expiresInSeconds });

  return {
    /**
     * Again is the same. S3 compares what arrived with its MD5.
     * @throws when S3 does not take it: the queue brings the file again
     */
    async put(key: string, bytes: Buffer, contentType: string): Promise<void> {
      const response = await fetch(sign('PUT', urlOf(key), 60), {
        method: 'PUT',
        body: new Uint8Array(bytes),
        headers: { 'content-type': contentType, 'content-md5': createHash('md5').update(bytes).digest('base64') },
        signal: AbortSignal.timeout(PUT_TIMEOUT_MS),
      });
      const answer = await response.text();
      const code = /<Code>(\w+)<\/Code>/.exec(answer)?.[1] ?? 'no code';
      if (!response.ok) throw new Error(`S3 answered ${response.status} (${code}) to a file`);
    },

    /** A link that anybody may fetch the file with, for a while. Offered for download: nothing of it runs in a browser. */
    link: async (key: string, expiresInSeconds: number): Promise<string> => {
      const url = urlOf(key);
      url.searchParams.set('response-content-disposition', 'attachment');
      return sign('GET', url, expiresInSeconds);
    },
  };
}
export type MediaStorage = ReturnType<typeof mediaStorage>;

function ownCredentials(): S3Credentials {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: AWS_SECRET_ACCESS_KEY ?? '',
    sessionToken: AWS_SESSION_TOKEN,
  };
}
