/** Sends messages and prints each id once it is acknowledged, until the test kills this process. */
import { writeSync } from 'node:fs';
import { startAws } from './aws-fixture.ts';

const aws = await startAws({ path: process.argv[2] });
aws.sqs.createQueue({ name: 'events' });
for (;;) {
  const { messageId } = aws.sqs.send('events', { body: 'x'.repeat(500) });
  writeSync(1, `${messageId}\n`);
}
