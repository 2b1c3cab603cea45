/** Starts dynoxide, puts items and prints each key once it is acknowledged, until the test kills this process. */
import { writeSync } from 'node:fs';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { startDynamodb } from '../../../local/aws/dynamodb.ts';

const [, , dbPath = '', port = ''] = process.argv;
const { url: endpoint } = await startDynamodb({ port: Number(port), dbPath });
const credentials = { accessKeyId: 'local-admin', secretAccessKey: 'x' };
const client = new DynamoDBClient({ endpoint, region: 'eu-central-1', credentials });
const TableName = 'killed';
await client.send(
  new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  }),
);
for (let index = 0; ; index += 1) {
  await client.send(new PutItemCommand({ TableName, Item: { pk: { S: String(index) } } }));
  writeSync(1, `${index}\n`);
}
