import * as z from 'zod';
import { implemented } from '../resource-type.ts';

const ignored = z.unknown().optional();
const oneOrMore = z.union([z.string(), z.array(z.string())]);

/** A statement of an identity policy; which parts of it are honoured is for local/aws/iam.ts to say. */
export const PolicyStatement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore.optional(),
  NotAction: oneOrMore.optional(),
  Resource: oneOrMore.optional(),
  NotResource: oneOrMore.optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
const PolicyDocument = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.union([z.array(PolicyStatement), PolicyStatement.transform((statement) => [statement])]),
});

export const Role = implemented({
  nameProperty: 'RoleName',
  ref: ({ name }) => name,
  attributes: {
    Arn: ({ account, name }) => `arn:aws:iam::${account}:role/${name}`,
    RoleId: ({ name }) => `AROA${name.toUpperCase()}`,
  },
  properties: z.strictObject({
    RoleName: z.string().optional(),
    Description: ignored,
    /** Who may take the role: the stack gives each function its own and nobody else asks. */
    AssumeRolePolicyDocument: z.unknown(),
    ManagedPolicyArns: z.array(z.string()).default([]),
    Policies: z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument })).default([]),
    MaxSessionDuration: ignored,
    Path: ignored,
    Tags: ignored,
  }),
});

const attached = {
  PolicyDocument,
  Roles: z.array(z.string()).default([]),
  Users: z.never().optional(),
  Groups: z.never().optional(),
};

export const Policy = implemented({
  ref: ({ logicalId }) => logicalId,
  attributes: {},
  properties: z.strictObject({ PolicyName: z.string(), ...attached }),
});

export const ManagedPolicy = implemented({
  nameProperty: 'ManagedPolicyName',
  ref: ({ account, name }) => `arn:aws:iam::${account}:policy/${name}`,
  attributes: { PolicyArn: ({ account, name }) => `arn:aws:iam::${account}:policy/${name}` },
  properties: z.strictObject({
    ManagedPolicyName: z.string().optional(),
    Description: ignored,
    Path: ignored,
    ...attached,
  }),
});
