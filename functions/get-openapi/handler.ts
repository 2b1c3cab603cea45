import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import document from '../../openapi.json' with { type: 'json' };
import { toGatewayResult } from '../../shared/http/response.ts';

const body = JSON.stringify(document);

/** GET /openapi.json: the document this deployment was built with. Open to everybody, and to pages of every origin. */
export const handler = async ({ requestContext }: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> =>
  toGatewayResult(
    {
      statusCode: 200,
      headers: { 'Cache-Control': 'public, max-age=300', 'Access-Control-Allow-Origin': '*' },
      body,
    },
    'application/json',
    requestContext.requestId,
  );
