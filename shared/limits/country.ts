import { ApiError } from '../errors.ts';
import { COUNTRY_OF } from './calling-codes.ts';

const LONGEST = Math.max(...[...COUNTRY_OF.keys()].map((prefix) => prefix.length));

/** The country of a number by its longest known prefix. @param phone E.164 digits @returns ISO 3166-1 alpha-2, null for none */
export function countryOf(phone: string): string | null {
  for (let length = LONGEST; length > 0; length--) {
    const country = COUNTRY_OF.get(phone.slice(0, length));
    if (country) return country;
  }
  return null;
}

/** @throws ApiError 403 when the key has a list and the number's country is not on it: a number of no country is on none */
export function requireCountry(phone: string, allowed: readonly string[] | undefined): void {
  if (allowed === undefined || allowed.includes(countryOf(phone) ?? '')) return;
  throw new ApiError('country_not_allowed', 'This API key may not send codes to the country of this number.');
}
