import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { ApiFunction } from '../constructs/api-function.ts';
import { auditing, creating } from '../constructs/auditing.ts';
import type { Endpoint } from '../constructs/endpoints.ts';
import { useAuthorizerFlush, useSecret, useTable } from '../constructs/grants.ts';
import type { DataStack } from './data-stack.ts';

/** The keys of brands. */
export function keyEndpoints(data: DataStack, externalApi: RestApi): Record<string, Endpoint> {
  /** Whether the brand is one of the organisation's. */
  const brand = (fn: ApiFunction) => useTable(fn, 'BRANDS_TABLE_NAME', data.brands, ['GetItem']);
  /** A suspended organisation gets no new keys. */
  const isActive = (fn: ApiFunction) =>
    useTable(fn, 'ORGANISATIONS_TABLE_NAME', data.organisations, ['ConditionCheckItem']);
  const pepper = (fn: ApiFunction) => useSecret(fn, 'KEY_PEPPER_SECRET_ARN', data.keyPepper);

  return {
    'list-api-keys': {
      impact: 'the dashboard cannot list API keys',
      uses: [
        brand,
        (fn) => useSecret(fn, 'REQUEST_SIGNING_SECRET_ARN', data.requestSigning),
        (fn) => useTable(fn, 'API_KEYS_TABLE_NAME', data.apiKeys, ['GetItem'], ['byBrand']),
      ],
    },
    'create-api-key': {
      impact: 'people cannot mint API keys',
      uses: [
        ...creating(data),
        brand,
        isActive,
        pepper,
        (fn) => useTable(fn, 'API_KEYS_TABLE_NAME', data.apiKeys, ['PutItem']),
      ],
    },
    'update-api-key': {
      impact: 'people cannot change the scopes, expiry or limits of API keys',
      uses: [
        auditing(data),
        brand,
        (fn) => useTable(fn, 'API_KEYS_TABLE_NAME', data.apiKeys, ['GetItem', 'UpdateItem']),
      ],
    },
    'roll-api-key': {
      impact: 'people cannot roll API keys',
      uses: [
        ...creating(data),
        brand,
        isActive,
        pepper,
        (fn) => useTable(fn, 'API_KEYS_TABLE_NAME', data.apiKeys, ['GetItem', 'PutItem', 'UpdateItem']),
      ],
    },
    'revoke-api-key': {
      impact: 'people cannot revoke API keys; a leaked one stays open',
      uses: [
        auditing(data),
        brand,
        (fn) => useTable(fn, 'API_KEYS_TABLE_NAME', data.apiKeys, ['GetItem', 'UpdateItem']),
        (fn) => useAuthorizerFlush(fn, 'EXTERNAL_API_ID', externalApi),
      ],
    },
  };
}
