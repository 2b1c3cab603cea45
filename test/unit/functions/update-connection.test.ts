import { expect, test } from '@jest/globals';
import type { UpdateConnectionBody } from '../../../functions/update-connection/schema.ts';
import { updateConnection } from '../../../functions/update-connection/update-connection.ts';
import type { ConnectionParams } from '../../../shared/http/connection-fields.ts';
import type { UserRequest } from '../../../shared/http/user-handler.ts';
import { Endpoint } from '../../../shared/store/endpoint-store.ts';
import { connectionTo } from '../../support/lane.ts';

const CONNECTION = connectionTo('https://shop.example/hooks', 'patched');

/** What a PATCH of such a connection does, in order. */
async function patch(body: UpdateConnectionBody): Promise<string[]> {
  const done: string[] = [];
  const endpoint = Endpoint.parse(CONNECTION);
  const { statusCode } = await updateConnection({
    connections: { ofOrganisation: async () => CONNECTION, changing: () => ({}) as never },
    endpoints: { get: async () => endpoint },
    control: {
      enabling: () => ({}) as never,
      release: async () => {
        done.push('released');
        return endpoint;
      },
    },
    changes: {
      commit: async ({ action }) => {
        done.push(action);
        return [];
      },
    },
    policy: 'public',
  })({ body, params: { id: CONNECTION.connectionId } } as UserRequest<UpdateConnectionBody, ConnectionParams>);
  expect(statusCode).toBe(200);
  return done;
}

test('a change is noted, and what was held is let go', async () => {
  expect(await patch({ webhook_url: 'https://shop.example/other' })).toEqual(['connection.updated', 'released']);
});

test('repeated by who died before the release it is released, and not noted again', async () => {
  expect(await patch({ webhook_url: CONNECTION.webhookUrl })).toEqual(['released']);
});
