import * as z from 'zod';
import { READS, WRITES } from './dynamodb-actions.ts';
import { Item, itemSize, writeUnits } from './dynamodb-item-size.ts';
import { parseJson } from './wire.ts';

export type Units = { read?: number; write?: number };

const Capacity = z.object({ CapacityUnits: z.number() });
const Answer = z.object({ ConsumedCapacity: z.union([Capacity, z.array(Capacity)]).optional() });
const Failure = z.looseObject({ __type: z.string(), Item: Item.optional() });
const Conditional = z.looseObject({
  ConditionExpression: z.string().optional(),
  ReturnValuesOnConditionCheckFailure: z.string().optional(),
  Item: Item.optional(),
});
const Transaction = z.object({
  TransactItems: z.array(z.record(z.string(), z.looseObject({ Item: Item.optional() }))),
});

/**
 * What to send on so that the answer tells the units: the consumed capacity, and of a conditional write that fails the
 * item that was there, whose size is what the failure costs.
 */
export function askForUnits(operation: string, body: Record<string, unknown>): Record<string, unknown> {
  if (!READS.includes(operation) && !WRITES.includes(operation)) return body;
  const { ReturnConsumedCapacity: wanted = 'NONE' } = body;
  const asked = { ...body, ReturnConsumedCapacity: wanted === 'NONE' ? 'TOTAL' : wanted };
  const isSingleWrite = ['PutItem', 'UpdateItem', 'DeleteItem'].includes(operation);
  if (!isSingleWrite || body.ConditionExpression === undefined) return asked;
  return { ReturnValuesOnConditionCheckFailure: 'ALL_OLD', ...asked };
}

/** Takes out of an answer what only {@link askForUnits} asked for. @returns undefined when there is nothing of it */
export function withoutExtras(body: Record<string, unknown>, status: number, answer: Buffer): Buffer | undefined {
  if (status === 200 || body.ReturnValuesOnConditionCheckFailure === 'ALL_OLD') return undefined;
  const failure = Failure.safeParse(parseJson(answer.toString()));
  if (!failure.success || failure.data.Item === undefined) return undefined;
  const { Item: _, ...rest } = failure.data;
  return Buffer.from(JSON.stringify(rest));
}

/**
 * Units a request used. A refused request is free, except that a failed condition costs what the write would have
 * (Developer Guide, "Working with items: conditional writes"): the larger of the old and the new item. Of a cancelled
 * transaction only new items' sizes are known, others count as 1 KiB, all twice.
 */
export function unitsOf(operation: string, body: Record<string, unknown>, status: number, answer: Buffer): Units {
  const isRead = READS.includes(operation);
  if (!isRead && !WRITES.includes(operation)) return {};
  const parsed = parseJson(answer.toString());
  if (status === 200) {
    const consumed = Answer.parse(parsed).ConsumedCapacity ?? [];
    const units = [consumed].flat().reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
    return isRead ? { read: units } : { write: units };
  }
  const failure = Failure.safeParse(parsed);
  const code = failure.success ? failure.data.__type.split('#').pop() : undefined;
  if (code === 'ConditionalCheckFailedException') {
    const old = failure.data?.Item ? itemSize(failure.data.Item) : 0;
    const fresh = Conditional.parse(body).Item;
    return { write: writeUnits(Math.max(old, fresh ? itemSize(fresh) : 0)) };
  }
  if (code === 'TransactionCanceledException' && !isRead) {
    const items = Transaction.parse(body).TransactItems.flatMap((item) => Object.values(item));
    return { write: items.reduce((sum, { Item: fresh }) => sum + 2 * writeUnits(fresh ? itemSize(fresh) : 0), 0) };
  }
  return {};
}
