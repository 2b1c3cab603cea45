import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { documentClient } from '../../shared/aws.ts';
import { CANARY_JOB } from '../../shared/canary.ts';
import { readEnv } from '../../shared/env.ts';
import { errorResponse, PROBLEM_CONTENT_TYPE } from '../../shared/http/error-response.ts';
import { header } from '../../shared/http/headers.ts';
import { json, toGatewayResult } from '../../shared/http/response.ts';
import { logger } from '../../shared/logger.ts';
import { ConnectionSecret, readSecret } from '../../shared/secrets.ts';
import { checkpointStore } from '../../shared/store/checkpoint-store.ts';
import { receiveCanaryEvent } from './receive-canary-event.ts';

const env = readEnv('CANARY_SECRET_ARN', 'CHECKPOINTS_TABLE_NAME', 'ERROR_DOCS_URL');
const checkpoints = checkpointStore(documentClient(), env.CHECKPOINTS_TABLE_NAME);

const receive = receiveCanaryEvent({
  secret: () => readSecret(env.CANARY_SECRET_ARN, ConnectionSecret),
  arrived: (sentAt) => checkpoints.advance(CANARY_JOB, sentAt),
});

/** The canary's own endpoint, called as every tenant's is: shared/canary.ts. */
export const handler = async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
  const { requestId, path: instance } = event.requestContext;
  logger.resetKeys();
  logger.appendKeys({ request_id: requestId });
  try {
    const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8').toString();
    await receive(body, header(event, 'x-quixess-signature-256') ?? '');
    return toGatewayResult(json(200, {}), 'application/json', requestId);
  } catch (error) {
    logger.warn('canary.event_refused', error as Error);
    const response = errorResponse(error, { docsUrl: env.ERROR_DOCS_URL, instance, requestId });
    return toGatewayResult(response, PROBLEM_CONTENT_TYPE, requestId);
  }
};
