import type { ApiFunction } from '../constructs/api-function.ts';
import { auditing, creating } from '../constructs/auditing.ts';
import { type Endpoint, makeFunctions } from '../constructs/endpoints.ts';
import { useSecret, useTable } from '../constructs/grants.ts';
import { brandEndpoints } from './dashboard-brand-endpoints.ts';
import type { DataStack } from './data-stack.ts';
import type { DeliveryStack } from './delivery-stack.ts';
import type { StageStack } from './stage-stack.ts';

export const makeDashboardEndpoints = (
  scope: StageStack,
  data: DataStack,
  delivery: DeliveryStack,
): Map<string, ApiFunction> =>
  makeFunctions(scope, { ...organisationEndpoints(data), ...brandEndpoints(scope.config, data, delivery) });

function organisationEndpoints(data: DataStack): Record<string, Endpoint> {
  const signing = (fn: ApiFunction) => useSecret(fn, 'REQUEST_SIGNING_SECRET_ARN', data.requestSigning);

  return {
    'get-me': {
      impact: 'the dashboard cannot say who is signed in, and shows nothing',
      uses: [(fn) => useTable(fn, 'ORGANISATIONS_TABLE_NAME', data.organisations, ['GetItem'])],
    },
    'list-brands': {
      impact: 'the dashboard cannot list brands, and shows nothing',
      uses: [signing, (fn) => useTable(fn, 'BRANDS_TABLE_NAME', data.brands, ['GetItem'], ['byOrganisation'])],
    },
    'create-brand': {
      impact: 'owners cannot create brands',
      uses: [...creating(data), (fn) => useTable(fn, 'BRANDS_TABLE_NAME', data.brands, ['PutItem'])],
    },
    'update-brand': {
      impact: 'owners cannot rename brands',
      uses: [auditing(data), (fn) => useTable(fn, 'BRANDS_TABLE_NAME', data.brands, ['GetItem', 'UpdateItem'])],
    },
  };
}
