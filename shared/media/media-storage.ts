import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

/** Files of inbound messages. Key: brand/message id. */
export function mediaStorage(bucketName: string) {
  const client = new S3Client({});
  return {
    /** Again is the same. */
    async put(key: string, bytes: Buffer, contentType: string): Promise<void> {
      await client.send(new PutObjectCommand({ Bucket: bucketName, Key: key, Body: bytes, ContentType: contentType }));
    },

    /** A link that anybody may fetch the file with, for a while. Offered for download: nothing of it runs in a browser. */
    link: (key: string, expiresInSeconds: number): Promise<string> =>
      getSignedUrl(
        client,
        new GetObjectCommand({ Bucket: bucketName, Key: key, ResponseContentDisposition: 'attachment' }),
        { expiresIn: expiresInSeconds },
      ),
  };
}
export type MediaStorage = ReturnType<typeof mediaStorage>;
