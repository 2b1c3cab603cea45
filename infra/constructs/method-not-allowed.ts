import { Validations } from 'aws-cdk-lib';
import { AuthorizationType, type IResource, MockIntegration, PassthroughBehavior } from 'aws-cdk-lib/aws-apigateway';
import { gatewayProblem, problemHeaders } from './gateway-responses.ts';

/**
 * What a request to the mock is made into. By Content-Type, and a type without a template is refused with 415: the types
 * here are those a client sends without being told to.
 */
const ANSWER_405 = JSON.stringify({ statusCode: 405 });
const CONTENT_TYPES = ['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data'];

/**
 * Answers 405 to every other method of a path that has one. API Gateway's own answer is that of a path that does not
 * exist, and a developer would look for the fault in the wrong place.
 */
export function addMethodNotAllowed(resource: IResource, allowed: readonly string[], errorDocsUrl: string): void {
  const allow = [...allowed].sort().join(', ');
  const problem = gatewayProblem(errorDocsUrl, 'method_not_allowed', `This endpoint takes ${allow}.`);
  const headers = { ...problemHeaders(null), Allow: `'${allow}'` };

  const integration = new MockIntegration({
    passthroughBehavior: PassthroughBehavior.NEVER,
    requestTemplates: Object.fromEntries(CONTENT_TYPES.map((type) => [type, ANSWER_405])),
    integrationResponses: [
      {
        statusCode: String(problem.status),
        responseParameters: Object.fromEntries(
          Object.entries(headers).map(([header, value]) => [`method.response.header.${header}`, value]),
        ),
        responseTemplates: { 'application/json': JSON.stringify(problem) },
      },
    ],
  });
  const method = resource.addMethod('ANY', integration, {
    authorizationType: AuthorizationType.NONE,
    methodResponses: [
      {
        statusCode: String(problem.status),
        responseParameters: Object.fromEntries(
          Object.keys(headers).map((header) => [`method.response.header.${header}`, true]),
        ),
      },
    ],
  });
  const reason = 'Answers 405 from the gateway and reaches nothing: there is nothing to authorize.';
  Validations.of(method).acknowledge({ id: 'AwsSolutions-APIG4', reason }, { id: 'AwsSolutions-COG4', reason });
}
