import { type ApiCall, headerOf } from './call.ts';
import { requestContext } from './event.ts';
import type { ApiModel } from './model.ts';

/** `context.requestId` → its value; a variable without a value for this request is missing. */
export type Variables = Record<string, string>;

const SIMPLE_CONTEXT = new Set([
  ...['accountId', 'apiId', 'deploymentId', 'domainName', 'domainPrefix', 'extendedRequestId', 'httpMethod', 'path'],
  ...['protocol', 'requestId', 'requestTime', 'requestTimeEpoch', 'resourceId', 'resourcePath', 'stage', 'status'],
  ...['identity.sourceIp', 'identity.userAgent'],
  ...['error.message', 'error.messageString', 'error.responseType', 'error.validationErrorString'],
]);

/** In templates `$context.requestId` or `${context.requestId}`; in header mappings without the dollar sign. */
const REFERENCE = /\$(?:\{((?:context|stageVariables)(?:\.\w+)+)\}|((?:context|stageVariables)(?:\.\w+)+))/g;

/** Everything `$context` and `$stageVariables` stand for in this request. */
export function variablesOf(model: ApiModel, call: ApiCall): Variables {
  const context = requestContext(model, call);
  const variables: Variables = {
    'context.identity.sourceIp': call.sourceIp,
    'context.identity.userAgent': context.identity.userAgent ?? '',
  };
  for (const [name, value] of Object.entries(context)) {
    if (typeof value === 'string' || typeof value === 'number') variables[`context.${name}`] = String(value);
  }
  for (const [name, value] of Object.entries(call.authorizer ?? {}))
    variables[`context.authorizer.${name}`] = String(value);
  for (const [name, value] of Object.entries(model.stageVariables)) variables[`stageVariables.${name}`] = value;
  return variables;
}

/** Puts the values of variables into a template; what has no value for this request becomes empty. */
export const substitute = (template: string, variables: Variables): string =>
  template.replace(REFERENCE, (_whole, braced?: string, plain?: string) => variables[braced ?? plain ?? ''] ?? '');

/**
 * A header mapping: `'literal'`, `context.…`, `stageVariables.…` or `method.request.header.…`.
 * @returns undefined when what it names has no value in this request
 */
export function mapHeader(mapping: string, call: ApiCall, variables: Variables): string | undefined {
  if (mapping.startsWith("'")) return mapping.slice(1, -1);
  const header = /^method\.request\.header\.(.+)$/.exec(mapping)?.[1];
  if (header !== undefined) return headerOf(call, header);
  return variables[mapping];
}

/** @throws when a template uses more of the template language than is emulated, or a variable that does not exist */
export function checkTemplate(where: string, template: string): void {
  const rest = template.replace(REFERENCE, (whole, braced?: string, plain?: string) => {
    const name = (braced ?? plain ?? '').replace(/^context\./, '');
    const isKnown = name.startsWith('stageVariables.') || name.startsWith('authorizer.') || SIMPLE_CONTEXT.has(name);
    return isKnown ? '' : whole;
  });
  const unknown = /\$[!{]?[A-Za-z][\w.]*|#(set|if|foreach|else|end)\b/.exec(rest);
  if (unknown) throw new Error(`${where}: ${unknown[0]} is not known to the local stack`);
}

/** @throws when a header mapping is of a form that is not emulated */
export function checkMapping(where: string, mapping: string): void {
  if (/^'[^']*'$/.test(mapping) || /^method\.request\.header\.[\w-]+$/.test(mapping)) return;
  if (!/^(context|stageVariables)\./.test(mapping))
    throw new Error(`${where}: ${mapping} is not known to the local stack`);
  checkTemplate(where, `$${mapping}`);
}
