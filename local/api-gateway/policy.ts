import * as z from 'zod';

const oneOrMore = z.union([z.string().transform((text) => [text]), z.array(z.string())]);

const Statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore,
  Resource: oneOrMore,
});

/**
 * What an authorizer answers. Conditions are refused rather than ignored: a policy would seem wider than it is.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
export const AuthorizerAnswer = z.object({
  principalId: z.string().min(1),
  policyDocument: z.object({
    Version: z.string().optional(),
    Statement: z.union([z.array(Statement), Statement.transform((statement) => [statement])]),
  }),
  context: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  usageIdentifierKey: z.string().optional(),
});
export type AuthorizerAnswer = z.output<typeof AuthorizerAnswer>;

const INVOKE = 'execute-api:Invoke';

/** `none`: no statement says anything about this method. */
export function evaluatePolicy(answer: AuthorizerAnswer, methodArn: string): 'allow' | 'explicit-deny' | 'none' {
  const matching = answer.policyDocument.Statement.filter(
    ({ Action, Resource }) =>
      Action.some((pattern) => wildcard(pattern, true).test(INVOKE)) &&
      Resource.some((pattern) => wildcard(pattern, false).test(methodArn)),
  );
  if (matching.some(({ Effect }) => Effect === 'Deny')) return 'explicit-deny';
  return matching.length > 0 ? 'allow' : 'none';
}

/** `*` is any text, slashes included, `?` one character. Actions are compared without regard to case. */
function wildcard(pattern: string, ignoreCase: boolean): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, ignoreCase ? 'is' : 's');
}
