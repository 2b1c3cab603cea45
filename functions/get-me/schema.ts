import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { ROLES } from '../../shared/roles.ts';

export const MeView = z
  .object({
    id: z.string().meta({ description: 'Your id as a member.', example: 'mem_5f1d7a84db00d2fce00b31a7fc73224f' }),
    email: z.string().meta({ description: 'Your address.', example: 'owner@acme.example' }),
    role: z.enum(ROLES).meta({ description: 'What you may do.', example: 'owner' }),
    organisation: z
      .object({
        id: z.string().meta({ description: 'Its id.', example: 'org_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
        name: z.string().meta({ description: 'Its name.', example: 'Acme' }),
      })
      .meta({ description: 'The organisation you belong to.' }),
  })
  .meta({ id: 'Me', description: 'Who is signed in.' });

export const contract = {
  operationId: 'me.get',
  tag: 'Organisation',
  summary: 'Get who is signed in',
  description: 'The person whose access token this is, and their organisation.',
  responses: { 200: { description: 'You.', schema: MeView } },
  errors: [],
} as const satisfies EndpointContract;
