import type { Integration } from '../template/types/api.ts';
import { type ApiAnswer, chooseTemplate } from './answer.ts';
import { type ApiCall, headerOf } from './call.ts';
import { gatewayResponse } from './gateway-response.ts';
import type { ApiModel, Method } from './model.ts';
import { checkMapping, checkTemplate, mapHeader, substitute, variablesOf } from './variables.ts';

type Mock = Extract<Integration, { Type: 'MOCK' }>;

const HEADER = 'method.response.header.';

/** @throws naming what in the integration is not emulated, or what a deployment would refuse */
export function checkMock(method: Method, mock: Mock): void {
  const where = `${method.httpMethod} ${method.resourcePath}`;
  for (const template of Object.values(mock.RequestTemplates)) checkTemplate(`${where}, request template`, template);
  for (const { StatusCode, ResponseTemplates, ResponseParameters } of mock.IntegrationResponses) {
    const declared = method.methodResponses.get(StatusCode);
    if (!declared) throw new Error(`${where}: no method response for status ${StatusCode}`);
    for (const template of Object.values(ResponseTemplates)) checkTemplate(`${where}, response template`, template);
    for (const [name, mapping] of Object.entries(ResponseParameters)) {
      const header = name.slice(HEADER.length).toLowerCase();
      if (!name.startsWith(HEADER) || !declared.has(header))
        throw new Error(`${where}: ${name} is not a declared header`);
      checkMapping(`${where}, ${name}`, mapping);
    }
  }
}

/**
 * Answers without a function: the request template gives a status code, that chooses an integration response.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
 */
export function answerMock(model: ApiModel, call: ApiCall, mock: Mock, body: Buffer): ApiAnswer {
  const variables = variablesOf(model, call);
  const contentType = (headerOf(call, 'content-type') ?? 'application/json').split(';')[0]!.trim().toLowerCase();
  const template = mock.RequestTemplates[contentType];
  if (template === undefined && mock.PassthroughBehavior !== 'WHEN_NO_MATCH') {
    return gatewayResponse(model, call, 'UNSUPPORTED_MEDIA_TYPE');
  }
  // Without a template for its type the client's body itself is taken, in which a status code is an accident.
  const request = template === undefined ? body.toString('utf8') : substitute(template, variables);
  const statusCode = /"?statusCode"?\s*:\s*"?(\d{3})/.exec(request)?.[1];
  const response = mock.IntegrationResponses.find(({ SelectionPattern }) =>
    SelectionPattern ? statusCode !== undefined && new RegExp(`^(?:${SelectionPattern})$`).test(statusCode) : false,
  );
  const chosen = response ?? mock.IntegrationResponses.find(({ SelectionPattern }) => !SelectionPattern);
  if (statusCode === undefined || !chosen) return gatewayResponse(model, call, 'API_CONFIGURATION_ERROR');

  const answer = chooseTemplate(call, chosen.ResponseTemplates);
  const headers: Record<string, string[]> = { 'Content-Type': [answer?.contentType ?? 'application/json'] };
  for (const [name, mapping] of Object.entries(chosen.ResponseParameters)) {
    const value = mapHeader(mapping, call, variables);
    const header = name.slice(HEADER.length);
    if (value === undefined) continue;
    if (header.toLowerCase() === 'content-type') delete headers['Content-Type'];
    headers[header] = [value];
  }
  const text = answer ? substitute(answer.template, variables) : '';
  return { status: Number(chosen.StatusCode), headers, body: Buffer.from(text) };
}
