import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import document from '../../openapi.json' with { type: 'json' };
import { readEnv } from '../../shared/env.ts';
import { toGatewayResult } from '../../shared/http/response.ts';

const env = readEnv('OIDC_ISSUER');
const { SignIn, ...others } = document.components.securitySchemes;
const openIdConnectUrl = `${env.OIDC_ISSUER}/.well-known/openid-configuration`;
const securitySchemes = { ...others, SignIn: { ...SignIn, openIdConnectUrl } };
const body = JSON.stringify({ ...document, components: { ...document.components, securitySchemes } });

/** GET /openapi.json: the document this deployment was built with, and where its people sign in. Open to everybody, and to pages of every origin. */
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
