import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { ApiFunction } from '../constructs/api-function.ts';
import { auditing, creating } from '../constructs/auditing.ts';
import { type Endpoint, makeFunctions } from '../constructs/endpoints.ts';
import { useSecret, useTable } from '../constructs/grants.ts';
import { connectionEndpoints } from './connection-endpoints.ts';
import { brandEndpoints } from './dashboard-brand-endpoints.ts';
import { keyEndpoints } from './dashboard-key-endpoints.ts';
import type { DataStack } from './data-stack.ts';
import type { DeliveryStack } from './delivery-stack.ts';
import type { StageStack } from './stage-stack.ts';

export const makeDashboardEndpoints = (
  scope: StageStack,
  data: DataStack,
  delivery: DeliveryStack,
  externalApi: RestApi,
): Map<string, ApiFunction> =>
  makeFunctions(scope, {
    ...organisationEndpoints(data),
    ...keyEndpoints(data, externalApi),
    ...brandEndpoints(scope.config, data, delivery),
    ...connectionEndpoints(scope.config, data, delivery),
  });

function organisationEndpoints(data: DataStack): Record<string, Endpoint> {
  const signing = (fn: ApiFunction) => useSecret(fn, 'REQUEST_SIGNING_SECRET_ARN', data.requestSigning);
  const countingOwners = (fn: ApiFunction) =>
    useTable(fn, 'ORGANISATIONS_TABLE_NAME', data.organisations, ['UpdateItem']);

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
    'list-members': {
      impact: 'the dashboard cannot list people',
      uses: [signing, (fn) => useTable(fn, 'MEMBERS_TABLE_NAME', data.members, ['GetItem'], ['byOrganisation'])],
    },
    'invite-member': {
      impact: 'owners cannot invite people',
      uses: [...creating(data), (fn) => useTable(fn, 'MEMBERS_TABLE_NAME', data.members, ['PutItem'])],
    },
    'update-member': {
      impact: 'owners cannot change what people may do',
      uses: [
        auditing(data),
        countingOwners,
        (fn) => useTable(fn, 'MEMBERS_TABLE_NAME', data.members, ['GetItem', 'UpdateItem']),
      ],
    },
    'remove-member': {
      impact: 'owners cannot remove people, who keep their access',
      uses: [
        auditing(data),
        countingOwners,
        (fn) => useTable(fn, 'MEMBERS_TABLE_NAME', data.members, ['GetItem', 'DeleteItem']),
      ],
    },
    'list-audit-log': {
      impact: 'the dashboard cannot show who changed what; it is still written down',
      uses: [signing, (fn) => useTable(fn, 'AUDIT_LOG_TABLE_NAME', data.auditLog, ['Query'])],
    },
  };
}
