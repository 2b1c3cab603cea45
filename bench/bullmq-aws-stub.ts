// A thread of its own, so that it takes no time of what is measured: DynamoDB and SQS that take everything and know nothing.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort } from 'node:worker_threads';
import * as z from 'zod';

const Batch = z.object({ Entries: z.array(z.object({ Id: z.string(), MessageBody: z.string() })) });

const sqs = (text: string) => ({
  Successful: Batch.parse(JSON.parse(text)).Entries.map(({ Id, MessageBody }) => ({
    Id,
    MessageId: Id,
    MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
  })),
  Failed: [],
});

const server = createServer((request, response) => {
  let text = '';
  request.on('data', (chunk) => {
    text += chunk;
  });
  request.on('end', () => {
    const target = String(request.headers['x-amz-target']);
    const body = target.startsWith('AmazonSQS')
      ? sqs(text)
      : target.endsWith('BatchGetItem')
        ? { Responses: {}, UnprocessedKeys: {} }
        : {};
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
  });
});
// A kept connection may be idle for as long as the others' turns take.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  parentPort?.postMessage(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
