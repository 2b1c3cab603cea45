import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { holds, type Item, updated } from './dynamodb-expressions.ts';

type Conditional = {
  ConditionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
  ReturnValuesOnConditionCheckFailure?: string;
};

/** Table → the attributes of its key. */
export type TableKeys = Readonly<Record<string, readonly string[]>>;

/**
 * DynamoDB in memory: every command is one step, as on DynamoDB, and costs no I/O, so that a model checker can go through
 * tens of thousands of orders. `memory-dynamodb.test.ts` compares it with a real one, expression by expression.
 */
export function memoryDynamodb(tables: TableKeys) {
  const items = new Map<string, Item>();
  const idOf = (table: string, key: Item): string => {
    const names = tables[table];
    if (!names) throw new Error(`there is no table ${table}`);
    return JSON.stringify([table, ...names.map((name) => key[name])]);
  };
  const check = (before: Item | undefined, input: Conditional): void => {
    checkPlaceholders(input);
    if (input.ConditionExpression === undefined) return;
    const placeholders = { names: input.ExpressionAttributeNames, values: input.ExpressionAttributeValues };
    if (holds(input.ConditionExpression, before, placeholders)) return;
    throw new ConditionalCheckFailedException({
      message: 'The conditional request failed',
      $metadata: {},
      ...(input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && before ? { Item: marshall(before) } : {}),
    });
  };
  /** DynamoDB refuses what no expression uses, and empty lists. */
  const checkPlaceholders = (input: Conditional & { UpdateExpression?: string }): void => {
    const text = `${input.UpdateExpression ?? ''} ${input.ConditionExpression ?? ''}`;
    for (const given of [input.ExpressionAttributeNames, input.ExpressionAttributeValues]) {
      const names = Object.keys(given ?? {});
      if (given && names.length === 0) throw new Error('ExpressionAttributeNames or …Values must not be empty');
      const unused = names.find((name) => !new RegExp(`${name}\\b`).test(text));
      if (unused) throw new Error(`${unused} is not used in: ${text}`);
    }
  };
  const copy = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T));

  /** Carries a command out. @throws ConditionalCheckFailedException, and Error for what is not known here */
  function run(command: unknown): unknown {
    if (command instanceof PutCommand) {
      const { TableName = '', Item: item = {} } = command.input;
      const id = idOf(TableName, item);
      check(items.get(id), command.input as Conditional);
      items.set(id, copy(item));
      return {};
    }
    if (command instanceof UpdateCommand) {
      const { TableName = '', Key = {}, UpdateExpression = '', ReturnValues } = command.input;
      const id = idOf(TableName, Key);
      const before = items.get(id);
      check(before, command.input as Conditional);
      const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = command.input;
      const after = copy(updated(UpdateExpression, before ?? Key, { names, values }));
      items.set(id, after);
      return ReturnValues?.endsWith('_NEW') ? { Attributes: copy(after) } : {};
    }
    if (command instanceof DeleteCommand) {
      const id = idOf(command.input.TableName ?? '', command.input.Key ?? {});
      check(items.get(id), command.input as Conditional);
      items.delete(id);
      return {};
    }
    if (command instanceof GetCommand) {
      return { Item: copy(items.get(idOf(command.input.TableName ?? '', command.input.Key ?? {}))) };
    }
    if (command instanceof BatchGetCommand) {
      const found = Object.entries(command.input.RequestItems ?? {}).map(([table, { Keys = [] }]) => [
        table,
        Keys.flatMap((key) => copy(items.get(idOf(table, key))) ?? []),
      ]);
      return { Responses: Object.fromEntries(found) };
    }
    if (command instanceof QueryCommand) return query(command);
    throw new Error(`not known here: ${(command as object).constructor.name}`);
  }

  /** Only by table, partition and a range of the sort key. */
  function query({ input }: QueryCommand): unknown {
    const values = input.ExpressionAttributeValues ?? {};
    const match = /^(\w+) = (:\w+) AND (\w+) BETWEEN (:\w+) AND (:\w+)$/.exec(input.KeyConditionExpression ?? '');
    if (!match || input.IndexName) throw new Error(`not understood: ${input.KeyConditionExpression}`);
    const [, partition = '', value = '', sort = '', from = '', to = ''] = match;
    const found = [...items]
      .filter(([id]) => JSON.parse(id)[0] === input.TableName)
      .map(([, item]) => item)
      .filter((item) => item[partition] === values[value])
      .filter((item) => String(item[sort]) >= String(values[from]) && String(item[sort]) <= String(values[to]))
      .filter((item) => input.FilterExpression === undefined || holds(input.FilterExpression, item, { values }));
    return { Items: copy(found) };
  }

  return {
    run,
    /** All items, for assertions and as part of a state's identity. */
    items: (): Item[] => [...items].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item),
    /**
     * As the stores want it.
     * @param step decides when the command happens, and whether
     */
    client: (step: <T>(command: unknown, run: () => T) => Promise<T>): DynamoDBDocumentClient =>
      // The SDK's paginators ask for an instance.
      Object.assign(Object.create(DynamoDBDocumentClient.prototype) as DynamoDBDocumentClient, {
        send: (command: unknown) => step(command, () => run(command)),
      }),
  };
}
export type MemoryDynamodb = ReturnType<typeof memoryDynamodb>;
