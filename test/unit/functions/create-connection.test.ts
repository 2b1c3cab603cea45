import { expect, test } from '@jest/globals';
import { CreateConnectionBody } from '../../../functions/create-connection/schema.ts';

test('a connection gets the six event types of the product page, if nobody asks for others', () => {
  const { event_types } = CreateConnectionBody.parse({
    brand_id: 'brd_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1',
    waba_id: '100000000000001',
    phone_number_id: '300000000000001',
    access_token: 'x'.repeat(60),
  });
  expect([...event_types].sort()).toEqual([
    'call.received',
    'message.delivered',
    'message.failed',
    'message.read',
    'message.received',
    'template.status_changed',
  ]);
});
