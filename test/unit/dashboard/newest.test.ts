import { expect, test } from '@jest/globals';
import { newest } from '../../../dashboard/app/api/newest.ts';

/** An API of which each page is so. */
const pages = (page: object) => {
  let calls = 0;
  const get = async () => {
    calls += 1;
    return { data: [], next_cursor: `page-${calls}`, has_more: true, ...page };
  };
  return { api: { get } as unknown as Parameters<typeof newest>[0], calls: () => calls };
};

test('a filter that hardly anything matches is not looked for without end', async () => {
  const { api, calls } = pages({});
  expect(await newest(api, '/webhooks/events', { status: 'failed' }, 500)).toEqual({ rows: [], isAll: false });
  expect(calls()).toBe(10);
});

test('rows are read until there are enough, or no others', async () => {
  const many = pages({ data: [1, 2, 3] });
  expect((await newest(many.api, '/webhooks/events', {}, 5)).rows).toEqual([1, 2, 3, 1, 2, 3]);
  const few = pages({ data: [1], next_cursor: null, has_more: false });
  expect(await newest(few.api, '/webhooks/events', {}, 5)).toEqual({ rows: [1], isAll: true });
});
