import { ApiError } from '../errors.ts';
import { invalidRequest } from '../http/field-errors.ts';
import type { Template } from '../store/template-store.ts';

const FALLBACK_LANGUAGE = 'en_US';

/**
 * The version of a template to send: the language asked for, else its only one, else en_US.
 * @param language empty for none
 * @throws ApiError 404 when there is no such name or language, 409 when Meta has not approved it, 400 when a language has to be named
 */
export function requireTemplate(versions: readonly Template[], language: string): Template {
  if (versions.length === 0) throw notFound();
  const version = language ? versions.find((one) => one.language === language) : defaultVersion(versions);
  if (!version) throw notFound();
  if (version.status !== 'APPROVED') {
    throw new ApiError('template_not_approved', `The template exists but its status is ${version.status}.`);
  }
  return version;
}

function defaultVersion(versions: readonly Template[]): Template {
  const fallback = versions.length === 1 ? versions[0] : versions.find((one) => one.language === FALLBACK_LANGUAGE);
  if (fallback) return fallback;
  const languages = versions.map((one) => one.language).join(', ');
  const message = `The template has several languages; name one of: ${languages}.`;
  throw invalidRequest([{ pointer: '/language', code: 'required', message }]);
}

const notFound = () => new ApiError('template_not_found', 'There is no template of this name in this language.');
