/** A message as SQS hands it out, in the wire's own words (the shape of the SDK's `Message`). */
export type ReceivedMessage = {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  MD5OfBody: string;
  /** System attributes, as asked for: `ApproximateReceiveCount`, `SentTimestamp`, `MessageGroupId`, … */
  Attributes?: Record<string, string>;
  MessageAttributes?: Record<string, MessageAttributeValue>;
  MD5OfMessageAttributes?: string;
};
/** `BinaryValue` is base64, as on the wire. */
export type MessageAttributeValue = { DataType: string; StringValue?: string; BinaryValue?: string };

export type SendOptions = {
  body: string;
  delaySeconds?: number;
  messageGroupId?: string;
  messageAttributes?: Record<string, MessageAttributeValue>;
};
export type ReceiveOptions = {
  /** 1 to 10, default 1. */
  maxMessages?: number;
  /** Long poll in virtual seconds, 0 to 20; default: the queue's ReceiveMessageWaitTimeSeconds. */
  waitSeconds?: number;
  /** Default: the queue's VisibilityTimeout. */
  visibilityTimeoutSeconds?: number;
  /** Ends a long poll early with no message. */
  signal?: AbortSignal;
};

/**
 * SQS inside the process, for the event source mapping and for tests. Every call takes the queue's name. With
 * `accessKeyId` it is checked and counted as that principal's (the poller acts with the role of its function), without
 * it is the stack's own and free. Throws {@link AwsError}, as the wire would answer.
 */
export type Sqs = {
  /** Creates, or when it exists replaces its attributes. Attributes as in CreateQueue: strings. */
  createQueue(queue: { name: string; attributes?: Record<string, string>; tags?: Record<string, string> }): {
    url: string;
    arn: string;
  };
  queueUrl(name: string): string;
  queueArn(name: string): string;
  queueNames(): string[];
  send(queueName: string, message: SendOptions, accessKeyId?: string): { messageId: string };
  /** All attributes and system attributes are included. */
  receive(queueName: string, options?: ReceiveOptions, accessKeyId?: string): Promise<ReceivedMessage[]>;
  /** Deletes by receipt handle; a stale handle is ignored, as SQS does. */
  delete(queueName: string, receiptHandles: string[], accessKeyId?: string): void;
  changeVisibility(queueName: string, receiptHandle: string, timeoutSeconds: number, accessKeyId?: string): void;
  /** Attributes as GetQueueAttributes `All` answers them. */
  attributes(queueName: string): Record<string, string>;
  counts(queueName: string): { visible: number; inFlight: number; delayed: number };
};
