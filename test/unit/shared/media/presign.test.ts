import { expect, test } from '@jest/globals';
import { presign } from '../../../../shared/media/presign.ts';

const signatureOf = (link: string) => new URL(link).searchParams.get('X-Amz-Signature');

test("signs the example of S3's API reference as it is written there", () => {
  const link = presign({
    method: 'GET',
    url: new URL('https://examplebucket.s3.amazonaws.com/test.txt'),
    region: 'us-east-1',
    credentials: {
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      sessionToken: undefined,
    },
    now: Date.parse('2013-05-24T00:00:00Z'),
    expiresInSeconds: 86_400,
  });
  expect(signatureOf(link)).toBe('aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404');
});

test('signs a key with spaces and quotes, parameters and a session token as @aws-sdk/s3-request-presigner 3.1162.0 does', () => {
  const link = presign({
    method: 'GET',
    url: new URL(
      'https://files-1.s3.eu-central-1.amazonaws.com/br_1/msg%202%27%28x%29.bin?response-content-disposition=attachment&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD&x-amz-checksum-mode=ENABLED&x-id=GetObject',
    ),
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalr+XUtnFEMI/K7', sessionToken: 'tok+en/==' },
    now: Date.parse('2026-01-02T03:04:05Z'),
    expiresInSeconds: 900,
  });
  expect(signatureOf(link)).toBe('39f7a21de03bd1f52af12fab64fe50e07b224eafde8882ab2a1b2274a46b577e');
});
