import { expect, test } from '@jest/globals';
import { reportLeakedKey } from '../../../functions/report-leaked-key/report-leaked-key.ts';
import type { ApiRequest } from '../../../shared/http/api-handler.ts';

const BRAND = { brandId: 'brd_1', organisationId: 'org_1', name: 'Acme', createdAt: 1 };
const broken = async (): Promise<never> => {
  throw new Error('DynamoDB does not answer');
};

/** What is written, in order. */
async function report(faults: { brands?: true; log?: true }, brandId = BRAND.brandId): Promise<string[]> {
  const written: string[] = [];
  const { statusCode } = await reportLeakedKey({
    keys: {
      revoking: () => ({}) as never,
      revoke: async (_keyId, _at, because) => {
        written.push(`revoked: ${because}`);
        return true;
      },
    },
    brands: { get: faults.brands ? broken : async () => BRAND },
    changes: {
      commit: faults.log
        ? broken
        : async ({ action, organisationId }) => {
            written.push(`${action} of ${organisationId}`);
            return [];
          },
    },
    now: () => 1,
  })({ keyId: 'key_1', brandId, requestId: 'request' } as ApiRequest);
  expect(statusCode).toBe(200);
  return written;
}

test('a leaked key is revoked and noted in one transaction', async () => {
  expect(await report({})).toEqual(['api_key.revoked of org_1']);
});

test.each([{ brands: true }, { log: true }] as const)('it is shut off even while %j are out', async (faults) => {
  expect(await report(faults)).toEqual(['revoked: leaked']);
});

test('one that is bound to no brand is shut off, too', async () => {
  expect(await report({}, '')).toEqual(['revoked: leaked']);
});
