import type { Clock } from '../../clock.ts';
import type { Account } from '../account.ts';
import { invalidParameter, queueDoesNotExist, sqsError } from './errors.ts';
import { completeAttributes, type QueueSettings, readSettings } from './queue-attributes.ts';
import { createQueueIndex, type QueueIndex } from './queue-index.ts';
import type { QueueRow, SqsStore } from './store.ts';

export type Queue = QueueRow & { arn: string; settings: QueueSettings; index: QueueIndex };

/** The queues there are, loaded from the database with their messages. */
export function createQueues(store: SqsStore, clock: Clock, { account, region }: Account, baseUrl: () => string) {
  const queues = new Map<string, Queue>();
  const arnOf = (name: string): string => `arn:aws:sqs:${region}:${account}:${name}`;
  const add = (row: QueueRow): Queue => {
    const settings = readSettings(row.attributes);
    const queue = { ...row, arn: arnOf(row.name), settings, index: createQueueIndex() };
    queues.set(row.name, queue);
    return queue;
  };
  for (const row of store.loadQueues()) add(row);
  const now = clock.now();
  for (const { queue, entry } of store.loadMessages()) queues.get(queue)?.index.place(entry, now);

  /** RedriveAllowPolicy, SQS API reference, SetQueueAttributes: the dead-letter queue says who may use it. */
  const checkRedrive = (sourceArn: string, settings: QueueSettings): void => {
    const target = settings.redrive?.deadLetterTargetArn;
    if (target === undefined) return;
    const deadLetterQueue = queues.get(target.split(':').pop() ?? '');
    if (!deadLetterQueue || deadLetterQueue.arn !== target)
      throw invalidParameter(target, 'RedrivePolicy', 'Dead letter target does not exist.');
    if (!deadLetterQueue.settings.allowsSource(sourceArn))
      throw invalidParameter(target, 'RedrivePolicy', 'Dead letter target does not allow this source queue.');
  };

  return {
    arnOf,
    urlOf: (name: string): string => `${baseUrl()}/${account}/${name}`,
    all: (): Queue[] => [...queues.values()],
    find: (name: string): Queue | undefined => queues.get(name),
    /** @throws QueueDoesNotExist */
    get(name: string): Queue {
      const queue = queues.get(name);
      if (!queue) throw queueDoesNotExist();
      return queue;
    },
    byArn: (arn: string): Queue | undefined => queues.get(arn.startsWith(arnOf('')) ? arn.slice(arnOf('').length) : ''),
    create(name: string, attributes: Record<string, string>, tags: Record<string, string>): Queue {
      if (name.endsWith('.fifo') || attributes.FifoQueue !== undefined)
        throw sqsError('InvalidParameterValue', 'FIFO queues are not emulated by the local stack.');
      if (!/^[A-Za-z0-9_-]{1,80}$/.test(name))
        throw sqsError(
          'InvalidParameterValue',
          'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
        );
      const completed = completeAttributes(attributes);
      const settings = readSettings(completed);
      checkRedrive(arnOf(name), settings);
      const row = { name, attributes: completed, tags, createdAt: clock.now() };
      store.saveQueue(row);
      return add(row);
    },
    /** Sets these attributes; the others stay unless `isComplete`. */
    configure(queue: Queue, attributes: Record<string, string>, isComplete = false): void {
      const merged = completeAttributes(isComplete ? attributes : { ...queue.attributes, ...attributes });
      const settings = readSettings(merged);
      checkRedrive(queue.arn, settings);
      queue.attributes = merged;
      queue.settings = settings;
      store.saveQueue(queue);
    },
    tag(queue: Queue, tags: Record<string, string>): void {
      queue.tags = tags;
      store.saveQueue(queue);
    },
    remove(queue: Queue): void {
      store.removeQueue(queue.name);
      queues.delete(queue.name);
    },
  };
}
export type Queues = ReturnType<typeof createQueues>;
