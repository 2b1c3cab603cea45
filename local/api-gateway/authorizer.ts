import type { InvocationResult } from '../lambda/lambda.ts';
import { type ApiCall, headerOf, methodArnOf } from './call.ts';
import { requestAuthorizerEvent, requestContext } from './event.ts';
import type { ResponseType } from './gateway-response.ts';
import type { ApiModel, Authorizer } from './model.ts';
import { AuthorizerAnswer, evaluatePolicy } from './policy.ts';

export type Refusal = { refused: ResponseType; message?: string };
export type Authorized = { context: Record<string, string | number> };

type Invoke = (functionName: string, payload: unknown) => Promise<InvocationResult>;

const EXPLICIT_DENY = 'User is not authorized to access this resource with an explicit deny';

/** Entries kept before the expired ones are looked for. */
const SWEEP_AT = 10_000;

/**
 * Lambda authorizers with their cache. A cached answer is found by the identity sources alone, so it decides about every
 * route: https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization.html
 */
export function createAuthorizers(model: ApiModel, invoke: Invoke, now: () => number) {
  const cache = new Map<string, { answer: AuthorizerAnswer; expiresAt: number }>();

  const remember = (key: string, answer: AuthorizerAnswer, ttlSeconds: number): void => {
    if (ttlSeconds === 0) return;
    if (cache.size >= SWEEP_AT) for (const [old, { expiresAt }] of cache) if (expiresAt <= now()) cache.delete(old);
    cache.set(key, { answer, expiresAt: now() + ttlSeconds * 1000 });
  };

  const ask = async (authorizer: Authorizer, call: ApiCall, token: string): Promise<AuthorizerAnswer | Refusal> => {
    const event =
      authorizer.type === 'TOKEN'
        ? { type: 'TOKEN', methodArn: methodArnOf(model, call), authorizationToken: token }
        : requestAuthorizerEvent(model, call);
    // A function that could not be run is a failure like one that threw.
    const result = await invoke(authorizer.functionName, event).catch(() => undefined);
    if (result === undefined) return { refused: 'AUTHORIZER_FAILURE' };
    if ('error' in result) {
      return { refused: result.error.errorMessage === 'Unauthorized' ? 'UNAUTHORIZED' : 'AUTHORIZER_FAILURE' };
    }
    const answer = AuthorizerAnswer.safeParse(result.payload);
    return answer.success ? answer.data : { refused: 'AUTHORIZER_CONFIGURATION_ERROR' };
  };

  return {
    /** Asks the authorizer, or its cache, whether the call may go on. */
    async authorize(authorizer: Authorizer, call: ApiCall): Promise<Authorized | Refusal> {
      const started = performance.now();
      const identity = authorizer.identitySources.map((source) => identityValue(source, model, call));
      if (identity.some((value) => !value)) return { refused: 'UNAUTHORIZED' };
      const token = identity[0] ?? '';
      if (authorizer.validation && !authorizer.validation.test(token)) return { refused: 'UNAUTHORIZED' };

      const key = JSON.stringify([authorizer.id, identity]);
      const cached = cache.get(key);
      let answer = cached && cached.expiresAt > now() ? cached.answer : undefined;
      if (!answer) {
        const asked = await ask(authorizer, call, token);
        if ('refused' in asked) return asked;
        answer = asked;
        remember(key, answer, authorizer.ttlSeconds);
      }
      const decision = evaluatePolicy(answer, methodArnOf(model, call));
      if (decision === 'explicit-deny') return { refused: 'ACCESS_DENIED', message: EXPLICIT_DENY };
      if (decision === 'none') return { refused: 'ACCESS_DENIED' };
      const context = Object.entries(answer.context ?? {}).map(([name, value]) => [name, String(value)]);
      return {
        context: {
          ...Object.fromEntries(context),
          principalId: answer.principalId,
          integrationLatency: Math.round(performance.now() - started),
        },
      };
    },
    /** What FlushStageAuthorizersCache does. */
    flush: (): void => cache.clear(),
  };
}

function identityValue(source: string, model: ApiModel, call: ApiCall): string | undefined {
  const [, kind, name = ''] =
    /^(method\.request\.header|method\.request\.querystring|context|stageVariables)\.(.+)$/.exec(source) ?? [];
  if (kind === 'method.request.header') return headerOf(call, name);
  if (kind === 'method.request.querystring') return call.query.get(name) ?? undefined;
  if (kind === 'stageVariables') return model.stageVariables[name];
  if (kind !== 'context') throw new Error(`the identity source ${source} is not known to the local stack`);
  const context: Record<string, unknown> = { ...requestContext(model, call) };
  if (name === 'identity.sourceIp') return call.sourceIp;
  const value = context[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
