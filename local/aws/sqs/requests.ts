import * as z from 'zod';

/** Requests of the SQS API as they are on the wire. Fields of FIFO queues are absent, so they are refused by name. */
export const QueueUrl = z.strictObject({ QueueUrl: z.string() });

const MessageAttribute = z.strictObject({
  DataType: z.string(),
  StringValue: z.string().optional(),
  BinaryValue: z.base64().optional(),
});
const message = {
  MessageBody: z.string(),
  DelaySeconds: z.number().optional(),
  MessageAttributes: z.record(z.string(), MessageAttribute).optional(),
  MessageSystemAttributes: z
    .strictObject({
      AWSTraceHeader: z.strictObject({ DataType: z.literal('String'), StringValue: z.string() }).optional(),
    })
    .optional(),
  MessageGroupId: z.string().optional(),
};
const Message = z.strictObject(message);
export type Message = z.output<typeof Message>;
export const SendMessage = QueueUrl.extend(message);
export const SendMessageBatch = QueueUrl.extend({ Entries: z.array(Message.extend({ Id: z.string() })) });

export const ReceiveMessage = QueueUrl.extend({
  MaxNumberOfMessages: z.number().optional(),
  VisibilityTimeout: z.number().optional(),
  WaitTimeSeconds: z.number().optional(),
  AttributeNames: z.array(z.string()).optional(),
  MessageSystemAttributeNames: z.array(z.string()).optional(),
  MessageAttributeNames: z.array(z.string()).optional(),
});

const receipt = { ReceiptHandle: z.string() };
export const DeleteMessage = QueueUrl.extend(receipt);
export const DeleteMessageBatch = QueueUrl.extend({
  Entries: z.array(z.strictObject({ Id: z.string(), ...receipt })),
});
const visibility = { ...receipt, VisibilityTimeout: z.number() };
export const ChangeMessageVisibility = QueueUrl.extend(visibility);
export const ChangeMessageVisibilityBatch = QueueUrl.extend({
  Entries: z.array(z.strictObject({ Id: z.string(), ...visibility })),
});

const StringMap = z.record(z.string(), z.string());
export const CreateQueue = z.strictObject({
  QueueName: z.string(),
  Attributes: StringMap.optional(),
  tags: StringMap.optional(),
});
export const GetQueueUrl = z.strictObject({ QueueName: z.string(), QueueOwnerAWSAccountId: z.string().optional() });
export const ListQueues = z.strictObject({
  QueueNamePrefix: z.string().optional(),
  MaxResults: z.number().int().min(1).max(1000).optional(),
  NextToken: z.string().optional(),
});
export const GetQueueAttributes = QueueUrl.extend({ AttributeNames: z.array(z.string()).optional() });
export const SetQueueAttributes = QueueUrl.extend({ Attributes: StringMap });
export const TagQueue = QueueUrl.extend({ Tags: StringMap });
export const UntagQueue = QueueUrl.extend({ TagKeys: z.array(z.string()) });

export const StartMessageMoveTask = z.strictObject({
  SourceArn: z.string(),
  DestinationArn: z.string().optional(),
  MaxNumberOfMessagesPerSecond: z.number().int().optional(),
});
export const ListMessageMoveTasks = z.strictObject({
  SourceArn: z.string(),
  MaxResults: z.number().int().min(1).max(10).optional(),
});
export const CancelMessageMoveTask = z.strictObject({ TaskHandle: z.string() });
