import { Duration } from 'aws-cdk-lib';
import {
  HeadersFrameOption,
  HeadersReferrerPolicy,
  type ResponseCustomHeader,
  ResponseHeadersPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import type { Identity } from '../stacks/site-stack.ts';
import { configOf, resourceName } from '../stacks/stage-stack.ts';

/** Nothing but what is named, from nowhere but our own host; no page of ours is framed, none sends a form away. */
const ONLY_OURS = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

const policyText = (directives: Record<string, readonly string[]>): string =>
  Object.entries(directives)
    .map(([name, sources]) => [name, ...sources].join(' '))
    .join('; ');

/** What browsers are told with every file of the site. */
export class SiteHeaders extends Construct {
  readonly developers: ResponseHeadersPolicy;
  readonly app: ResponseHeadersPolicy;

  constructor(scope: Construct, id: string, identity: Identity | undefined) {
    super(scope, id);
    this.developers = this.policy('Developers', 'developers', ONLY_OURS);
    // A source with a path holds for what is below it only when it ends in a slash: the issuer's is the pool's id.
    const signIn = identity ? [`${identity.issuer}/`, ...identity.origins] : [];
    this.app = this.policy(
      'App',
      'app',
      {
        ...ONLY_OURS,
        // The component kit sets its theme by a style element.
        'style-src': ["'self'", "'unsafe-inline'"],
        'connect-src': ["'self'", ...signIn],
      },
      // Behind a sign-in there is nothing to find.
      [{ header: 'X-Robots-Tag', value: 'noindex', override: true }],
    );
  }

  private policy(
    id: string,
    name: string,
    directives: Record<string, readonly string[]>,
    headers: readonly ResponseCustomHeader[] = [],
  ): ResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, id, {
      responseHeadersPolicyName: resourceName(configOf(this), `site-${name}`),
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: policyText(directives), override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN, override: true },
        strictTransportSecurity: { accessControlMaxAge: Duration.days(730), includeSubdomains: false, override: true },
      },
      customHeadersBehavior: {
        customHeaders: [
          { header: 'Cross-Origin-Opener-Policy', value: 'same-origin', override: true },
          { header: 'Cross-Origin-Resource-Policy', value: 'same-origin', override: true },
          { header: 'Permissions-Policy', value: 'camera=(), geolocation=(), microphone=()', override: true },
          ...headers,
        ],
      },
    });
  }
}
