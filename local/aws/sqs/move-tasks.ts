import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../clock.ts';
import { transaction } from '../database.ts';
import { AwsError } from '../wire.ts';
import { invalidParameter, sqsError } from './errors.ts';
import type { LongPoll } from './long-poll.ts';
import type { Messages } from './messages.ts';
import type { Entry } from './queue-index.ts';
import type { Queue, Queues } from './queues.ts';
import type { MoveTask, SqsStore } from './store.ts';

/** "If left blank, the system will optimize the rate": here, this many at a time, so that others get their turn. */
const MESSAGES_PER_STEP = 200;
const isActive = ({ status }: MoveTask): boolean => status === 'RUNNING' || status === 'CANCELLING';
const notFound = (message: string) => new AwsError('ResourceNotFoundException', message, 404);

type Deps = {
  database: DatabaseSync;
  store: SqsStore;
  queues: Queues;
  messages: Messages;
  longPoll: LongPoll;
  clock: Clock;
  /** Whether the one who started the task may send to this queue. @throws AccessDeniedException */
  authorizeSend(accessKeyId: string, queueArn: string): void;
};

/**
 * Redrive: tasks that move messages out of a dead-letter queue. Rules without another source are from the SQS API
 * reference, StartMessageMoveTask, ListMessageMoveTasks and CancelMessageMoveTask.
 */
export function createMoveTasks({ database, store, queues, messages, longPoll, clock, authorizeSend }: Deps) {
  const tasks = store.loadTasks();
  let isStopped = false;

  const destinationOf = (task: MoveTask, entry: Entry): Queue => {
    // DestinationArn "left blank: the messages will be redriven back to their respective original source queues". SQS
    // knows that queue only of messages it moved itself (DeadLetterQueueSourceArn); one that was sent to the dead-letter
    // queue directly has none, and the task fails with this reason (ListMessageMoveTasksResultEntry, FailureReason).
    const arn = task.destinationArn ?? entry.sourceArn;
    const queue = arn === undefined ? undefined : queues.byArn(arn);
    if (!queue) throw sqsError('CouldNotDetermineMessageSource', 'The source of a message is not known.');
    authorizeSend(task.accessKeyId, queue.arn);
    return queue;
  };
  const finish = (task: MoveTask, status: MoveTask['status'], failureReason?: string): void => {
    task.status = status;
    task.failureReason = failureReason;
    store.saveTask(task);
  };
  /** Moves what the rate allows up to now. @returns false when the task is over */
  const step = (task: MoveTask, source: Queue, line: Entry[]): boolean => {
    const rate = task.messagesPerSecond;
    const allowed =
      rate === undefined
        ? MESSAGES_PER_STEP
        : Math.floor(((clock.now() - task.startedAt) / 1000) * rate) + 1 - task.moved;
    const served = new Set<Queue>();
    const goesOn = transaction(database, () => {
      for (let count = 0; count < allowed; ) {
        const entry = line.pop();
        if (!entry) {
          finish(task, 'COMPLETED');
          return false;
        }
        // Received or deleted by someone since the task began.
        if (!source.index.isVisible(entry.row)) continue;
        try {
          const destination = destinationOf(task, entry);
          messages.redrive(source, entry, destination);
          served.add(destination);
        } catch (error) {
          finish(task, 'FAILED', error instanceof AwsError ? error.code : String(error));
          return false;
        }
        task.moved += 1;
        count += 1;
      }
      store.saveTask(task);
      return true;
    });
    for (const queue of served) longPoll.serve(queue);
    return goesOn;
  };
  const run = (task: MoveTask): void => {
    const source = queues.byArn(task.sourceArn);
    if (!source) {
      finish(task, 'FAILED', 'ResourceNotFoundException');
      return;
    }
    messages.settle(source);
    // "starting with the oldest message"; only those there at the start, else a message that fails again right away
    // would go round for ever. Reversed, so that the next one is popped from the end.
    const line = source.index
      .entries()
      .filter((entry) => source.index.isVisible(entry.row) && entry.arrivedAt <= task.startedAt)
      .sort((a, b) => b.arrivedAt - a.arrivedAt || b.row - a.row);
    const next = (): void => {
      if (isStopped || !isActive(task)) return;
      if (task.status === 'CANCELLING') {
        finish(task, 'CANCELLED');
        return;
      }
      messages.settle(source);
      if (step(task, source, line)) clock.setTimeout(next, waitUntilNext(task, clock.now()));
    };
    clock.setTimeout(next, 0);
  };
  for (const task of tasks.filter(isActive)) run(task);

  return {
    start(
      sourceArn: string,
      destinationArn: string | undefined,
      rate: number | undefined,
      accessKeyId: string,
    ): string {
      const source = queues.byArn(sourceArn);
      if (!source) throw notFound("The resource that you specified for the SourceArn parameter doesn't exist.");
      if (destinationArn !== undefined && !queues.byArn(destinationArn))
        throw notFound("The resource that you specified for the DestinationArn parameter doesn't exist.");
      // "Only ARNs of dead-letter queues (DLQs) whose sources are other Amazon SQS queues are accepted."
      if (!queues.all().some(({ settings }) => settings.redrive?.deadLetterTargetArn === sourceArn))
        throw sqsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
      if (destinationArn === sourceArn)
        throw sqsError('InvalidParameterValue', 'Source queue arn and destination queue arn cannot be the same.');
      if (rate !== undefined && !(rate >= 1 && rate <= 500))
        throw invalidParameter(rate, 'MaxNumberOfMessagesPerSecond', 'Must be between 1 and 500.');
      // "Only one active message movement task is supported per queue at any given time."
      if (tasks.some((task) => task.sourceArn === sourceArn && isActive(task)))
        throw sqsError(
          'UnsupportedOperation',
          'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
        );
      if (destinationArn !== undefined) authorizeSend(accessKeyId, destinationArn);
      messages.settle(source);
      const handle = Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn })).toString('base64');
      const task: MoveTask = {
        handle,
        sourceArn,
        destinationArn,
        messagesPerSecond: rate,
        status: 'RUNNING',
        moved: 0,
        toMove: source.index.counts.visible,
        startedAt: clock.now(),
        accessKeyId,
      };
      store.saveTask(task);
      tasks.push(task);
      run(task);
      return handle;
    },
    /** Newest first. */
    list: (sourceArn: string): MoveTask[] => tasks.filter((task) => task.sourceArn === sourceArn).reverse(),
    byHandle: (handle: string): MoveTask | undefined => tasks.find((task) => task.handle === handle),
    /** "A message movement can only be cancelled when the current status is RUNNING"; what moved stays moved. */
    cancel(handle: string): number {
      const task = tasks.find((one) => one.handle === handle);
      if (task?.status !== 'RUNNING') throw notFound("Task does not exist or isn't running.");
      finish(task, 'CANCELLING');
      clock.setTimeout(() => {
        if (!isStopped && isActive(task)) finish(task, 'CANCELLED');
      }, 0);
      return task.moved;
    },
    stop(): void {
      isStopped = true;
    },
  };
}
export type MoveTasks = ReturnType<typeof createMoveTasks>;

/** Ms until the rate lets one more go. */
function waitUntilNext(task: MoveTask, now: number): number {
  if (task.messagesPerSecond === undefined) return 0;
  return Math.max(0, task.startedAt + Math.ceil((task.moved / task.messagesPerSecond) * 1000) - now);
}
