import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { sqsClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { ApiError } from '../../shared/errors.ts';
import { errorResponse, PROBLEM_CONTENT_TYPE } from '../../shared/http/error-response.ts';
import { header } from '../../shared/http/headers.ts';
import { type ApiResponse, toGatewayResult } from '../../shared/http/response.ts';
import { logger } from '../../shared/logger.ts';
import { count } from '../../shared/metrics.ts';
import { sendTexts } from '../../shared/queue.ts';
import { MetaAppSecret, readSecret } from '../../shared/secrets.ts';
import { receiveMetaWebhook, verifySubscription } from './receive-meta-webhook.ts';

const env = readEnv('META_APP_SECRET_ARN', 'INBOUND_EVENTS_QUEUE_URL', 'ERROR_DOCS_URL');
const sqs = sqsClient();

const deps: Parameters<typeof receiveMetaWebhook>[0] = {
  secret: () => readSecret(env.META_APP_SECRET_ARN, MetaAppSecret),
  enqueue: (messages) => sendTexts(sqs, env.INBOUND_EVENTS_QUEUE_URL, messages),
  now: Date.now,
};
const verify = verifySubscription(deps);
const receive = receiveMetaWebhook(deps);

export const handler = async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
  const { requestId, path: instance } = event.requestContext;
  logger.resetKeys();
  logger.appendKeys({ request_id: requestId });
  try {
    if (event.httpMethod === 'GET') {
      const challenge = await verify(event.queryStringParameters ?? {});
      return toGatewayResult(ok(challenge), 'text/plain', requestId);
    }
    const rawBody = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
    const { updates, skipped } = await receive(rawBody, header(event, 'x-hub-signature-256') ?? '');
    const kinds = new Map<string, number>();
    for (const kind of skipped) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    for (const [kind, times] of kinds) count('MetaUpdateSkipped', { kind }, times);
    logger.info('webhook.received', {
      updates: updates.length,
      bytes: rawBody.length,
      skipped: Object.fromEntries(kinds),
    });
    return toGatewayResult(ok('{}'), 'application/json', requestId);
  } catch (error) {
    if (error instanceof ApiError) logger.info('webhook.refused', { code: error.code });
    else logger.error('webhook.not_queued', error as Error);
    const response = errorResponse(error, { docsUrl: env.ERROR_DOCS_URL, instance, requestId });
    return toGatewayResult(response, PROBLEM_CONTENT_TYPE, requestId);
  }
};

const ok = (body: string): ApiResponse => ({ statusCode: 200, body });
