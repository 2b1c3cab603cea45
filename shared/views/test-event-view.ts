import * as z from 'zod';

export const TestEventView = z
  .object({
    id: z.string().meta({ description: 'Id of the event.', example: 'evt_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
    type: z.literal('webhook.test').meta({ description: 'Type of the event.', example: 'webhook.test' }),
  })
  .meta({ id: 'TestEvent', description: 'A test event on its way to your endpoint.' });
