import type { Duration } from 'aws-cdk-lib';
import { ApiFunction, type Environment } from '../constructs/api-function.ts';
import { useSecret, useTable } from '../constructs/grants.ts';
import { pascal } from './api-endpoints.ts';
import type { DataStack } from './data-stack.ts';
import type { StageStack } from './stage-stack.ts';

type Endpoint = {
  impact: string;
  timeout?: Duration;
  environment?: Environment;
  uses: readonly ((fn: ApiFunction) => void)[];
};

/** One function for each endpoint of the dashboard's plane, by the name of its folder, with exactly its rights. */
export function makeDashboardEndpoints(scope: StageStack, data: DataStack): Map<string, ApiFunction> {
  return new Map(
    Object.entries(endpoints(data)).map(([name, { uses, environment, ...props }]) => {
      const fn = new ApiFunction(scope, pascal(name), {
        name,
        ...props,
        environment: { ERROR_DOCS_URL: scope.config.errorDocsUrl, ...environment },
      });
      for (const use of uses) use(fn);
      return [name, fn];
    }),
  );
}

function endpoints(data: DataStack): Record<string, Endpoint> {
  const signing = (fn: ApiFunction) => useSecret(fn, 'REQUEST_SIGNING_SECRET_ARN', data.requestSigning);
  const audit = (fn: ApiFunction) => useTable(fn, 'AUDIT_LOG_TABLE_NAME', data.auditLog, ['PutItem']);
  /** What creates: the record of the Idempotency-Key is written with it. */
  const creating = [
    signing,
    audit,
    (fn: ApiFunction) => useTable(fn, 'IDEMPOTENCY_TABLE_NAME', data.idempotency, ['GetItem', 'PutItem']),
  ];

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
      uses: [...creating, (fn) => useTable(fn, 'BRANDS_TABLE_NAME', data.brands, ['PutItem'])],
    },
    'update-brand': {
      impact: 'owners cannot rename brands',
      uses: [audit, (fn) => useTable(fn, 'BRANDS_TABLE_NAME', data.brands, ['GetItem', 'UpdateItem'])],
    },
  };
}
