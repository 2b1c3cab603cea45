import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';

export const contract = {
  operationId: 'openapi.get',
  tag: 'Account',
  summary: 'Get this document',
  description: 'The OpenAPI 3.1 document of the API, as it is deployed. Needs no key.',
  responses: {
    200: {
      description: 'This document.',
      schema: z.record(z.string(), z.unknown()).meta({ description: 'OpenAPI 3.1.', example: { openapi: '3.1.0' } }),
    },
  },
  errors: [],
} as const satisfies EndpointContract;
