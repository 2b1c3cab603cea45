import { md5, md5OfAttributes, pickAttributes } from './message-attributes.ts';
import type { Taken } from './messages.ts';
import type { ReceivedMessage } from './sqs.ts';

type Wanted = { attributeNames: string[]; systemAttributeNames: string[] };
export const EVERYTHING: Wanted = { attributeNames: ['All'], systemAttributeNames: ['All'] };

/** The answer's form of a message, with the attributes that were asked for. */
export function receivedMessage({ entry, content, receiptHandle }: Taken, wanted: Wanted): ReceivedMessage {
  const system: Record<string, string | undefined> = {
    SenderId: content.sender,
    SentTimestamp: String(entry.sentAt),
    ApproximateReceiveCount: String(entry.receiveCount),
    ApproximateFirstReceiveTimestamp: String(entry.firstReceivedAt),
    MessageGroupId: entry.group === '' ? undefined : entry.group,
    AWSTraceHeader: content.traceHeader,
    DeadLetterQueueSourceArn: entry.sourceArn,
  };
  const names = wanted.systemAttributeNames;
  const Attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(system))
    if (value !== undefined && (names.includes('All') || names.includes(name))) Attributes[name] = value;
  const attributes = pickAttributes(content.attributes ?? {}, wanted.attributeNames);
  return {
    MessageId: entry.messageId,
    ReceiptHandle: receiptHandle,
    MD5OfBody: md5(content.body),
    Body: content.body,
    ...(Object.keys(Attributes).length > 0 && { Attributes }),
    ...(Object.keys(attributes).length > 0 && {
      MessageAttributes: attributes,
      MD5OfMessageAttributes: md5OfAttributes(attributes),
    }),
  };
}
