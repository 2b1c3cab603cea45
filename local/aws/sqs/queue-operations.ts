import { type Call, type Operation, operation } from '../wire.ts';
import { sqsError } from './errors.ts';
import type { Messages } from './messages.ts';
import type { MoveTasks } from './move-tasks.ts';
import { completeAttributes, isAttributeName } from './queue-attributes.ts';
import type { Queue, Queues } from './queues.ts';
import * as requests from './requests.ts';
import type { MoveTask } from './store.ts';

type Deps = { queues: Queues; messages: Messages; moveTasks: MoveTasks };

/** GetQueueAttributes `All`. The counts are exact here, "approximate" on AWS. */
export function queueAttributes(queue: Queue, messages: Messages): Record<string, string> {
  messages.settle(queue);
  const { visible, inFlight, delayed } = queue.index.counts;
  const created = String(Math.floor(queue.createdAt / 1000));
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: created,
    LastModifiedTimestamp: created,
    ...queue.attributes,
  };
}

/** Operations on queues and on move tasks. */
export function queueOperations({ queues, messages, moveTasks }: Deps): Record<string, Operation> {
  const queueFor = (url: string, action: string, call: Call): Queue => {
    const name = url.split('/').pop() ?? '';
    call.authorize(`sqs:${action}`, queues.arnOf(name));
    return queues.get(name);
  };
  const result = (task: MoveTask) => ({
    // "It is only populated for tasks that are in RUNNING status" (ListMessageMoveTasksResultEntry).
    ...(task.status === 'RUNNING' && { TaskHandle: task.handle }),
    Status: task.status,
    SourceArn: task.sourceArn,
    ...(task.destinationArn !== undefined && { DestinationArn: task.destinationArn }),
    ...(task.messagesPerSecond !== undefined && { MaxNumberOfMessagesPerSecond: task.messagesPerSecond }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(task.failureReason !== undefined && { FailureReason: task.failureReason }),
    StartedTimestamp: task.startedAt,
  });

  return {
    CreateQueue: operation(requests.CreateQueue, ({ QueueName, Attributes = {}, tags = {} }, call) => {
      call.authorize('sqs:CreateQueue', queues.arnOf(QueueName));
      const existing = queues.find(QueueName);
      const wanted = completeAttributes(Attributes);
      if (existing && Object.entries(wanted).some(([name, value]) => existing.attributes[name] !== value))
        throw sqsError(
          'QueueNameExists',
          'A queue already exists with the same name and a different value for one of its attributes.',
        );
      if (!existing) queues.create(QueueName, Attributes, tags);
      return { QueueUrl: queues.urlOf(QueueName) };
    }),
    DeleteQueue: operation(requests.QueueUrl, (request, call) => {
      const queue = queueFor(request.QueueUrl, 'DeleteQueue', call);
      messages.purge(queue);
      queues.remove(queue);
      return {};
    }),
    GetQueueUrl: operation(requests.GetQueueUrl, ({ QueueName }, call) => {
      return { QueueUrl: queues.urlOf(queueFor(QueueName, 'GetQueueUrl', call).name) };
    }),
    ListQueues: operation(requests.ListQueues, ({ QueueNamePrefix = '', MaxResults, NextToken }, call) => {
      call.authorize('sqs:ListQueues', '*');
      const names = queues
        .all()
        .map(({ name }) => name)
        .filter((name) => name.startsWith(QueueNamePrefix) && name > (NextToken ?? ''))
        .sort();
      const page = names.slice(0, MaxResults ?? 1000);
      return { QueueUrls: page.map(queues.urlOf), ...(page.length < names.length && { NextToken: page.at(-1) }) };
    }),
    GetQueueAttributes: operation(requests.GetQueueAttributes, ({ QueueUrl, AttributeNames = [] }, call) => {
      const queue = queueFor(QueueUrl, 'GetQueueAttributes', call);
      const unknown = AttributeNames.find((name) => name !== 'All' && !isAttributeName(name));
      if (unknown !== undefined) throw sqsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
      const isWanted = (name: string) => AttributeNames.includes('All') || AttributeNames.includes(name);
      const wanted = Object.entries(queueAttributes(queue, messages)).filter(([name]) => isWanted(name));
      return wanted.length > 0 ? { Attributes: Object.fromEntries(wanted) } : {};
    }),
    SetQueueAttributes: operation(requests.SetQueueAttributes, ({ QueueUrl, Attributes }, call) => {
      queues.configure(queueFor(QueueUrl, 'SetQueueAttributes', call), Attributes);
      return {};
    }),
    ListDeadLetterSourceQueues: operation(requests.QueueUrl, ({ QueueUrl }, call) => {
      const { arn } = queueFor(QueueUrl, 'ListDeadLetterSourceQueues', call);
      const sources = queues.all().filter(({ settings }) => settings.redrive?.deadLetterTargetArn === arn);
      return { queueUrls: sources.map(({ name }) => queues.urlOf(name)) };
    }),
    TagQueue: operation(requests.TagQueue, ({ QueueUrl, Tags }, call) => {
      const queue = queueFor(QueueUrl, 'TagQueue', call);
      queues.tag(queue, { ...queue.tags, ...Tags });
      return {};
    }),
    UntagQueue: operation(requests.UntagQueue, ({ QueueUrl, TagKeys }, call) => {
      const queue = queueFor(QueueUrl, 'UntagQueue', call);
      queues.tag(queue, Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !TagKeys.includes(key))));
      return {};
    }),
    ListQueueTags: operation(requests.QueueUrl, ({ QueueUrl }, call) => ({
      Tags: queueFor(QueueUrl, 'ListQueueTags', call).tags,
    })),
    StartMessageMoveTask: operation(requests.StartMessageMoveTask, (request, call) => {
      const { SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond } = request;
      // What moving takes, SQS Developer Guide, "Configuring queue permissions for dead-letter queue redrive".
      for (const action of ['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'])
        call.authorize(`sqs:${action}`, SourceArn);
      const handle = moveTasks.start(SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond, call.accessKeyId);
      return { TaskHandle: handle };
    }),
    ListMessageMoveTasks: operation(requests.ListMessageMoveTasks, ({ SourceArn, MaxResults = 1 }, call) => {
      call.authorize('sqs:ListMessageMoveTasks', SourceArn);
      return { Results: moveTasks.list(SourceArn).slice(0, MaxResults).map(result) };
    }),
    CancelMessageMoveTask: operation(requests.CancelMessageMoveTask, ({ TaskHandle }, call) => {
      call.authorize('sqs:CancelMessageMoveTask', moveTasks.byHandle(TaskHandle)?.sourceArn ?? '*');
      return { ApproximateNumberOfMessagesMoved: moveTasks.cancel(TaskHandle) };
    }),
  };
}
