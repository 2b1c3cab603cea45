import { invalidRequest } from '../http/field-errors.ts';
import { type EndpointPolicy, refuseUrl } from './endpoint-address.ts';

/**
 * What can be said of a URL by its text alone; where its name leads is looked at before every call.
 * @throws ApiError 400
 */
export function requireEndpointUrl(text: string, policy: EndpointPolicy, pointer = '/webhook_url'): void {
  const url = URL.parse(text);
  if (url && refuseUrl(url, policy) === null) return;
  const message = 'A webhook URL is https, with a name, on port 443 or 8443, and without a password in it.';
  throw invalidRequest([{ pointer, code: 'url_not_allowed', message }]);
}
