import {
  BasePathMapping,
  DomainName,
  EndpointAccessMode,
  EndpointType,
  type RestApi,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { StageConfig } from '../config.ts';

/**
 * The stage's own domain in front of the API, where it has one. Whoever owns the zone points the domain at the gateway.
 * @returns the URL that takes the place of the gateway's own, with a slash at the end
 */
export function addDomain(api: RestApi, { domain }: StageConfig): string | undefined {
  if (!domain) return undefined;
  const domainName = new DomainName(api, 'Domain', {
    domainName: domain.name,
    certificate: Certificate.fromCertificateArn(api, 'Certificate', domain.certificateArn),
    endpointType: EndpointType.REGIONAL,
    securityPolicy: SecurityPolicy.TLS13_1_2_PQ_2025_09,
    endpointAccessMode: EndpointAccessMode.STRICT,
  });
  // The same first part of the path as without a domain, where it is the name of the gateway's stage.
  new BasePathMapping(domainName, 'Api', { domainName, restApi: api, stage: api.deploymentStage, basePath: 'api' });
  return `https://${domain.name}/api/`;
}
