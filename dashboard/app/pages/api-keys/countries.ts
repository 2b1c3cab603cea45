import { COUNTRY_OF } from '../../../../shared/limits/calling-codes.ts';

const names = new Intl.DisplayNames('en', { type: 'region' });

/** Every country a number can be of, by name. */
export const COUNTRIES = [...new Set(COUNTRY_OF.values())]
  .map((value) => ({ value, label: names.of(value) ?? value, description: value }))
  .sort((a, b) => a.label.localeCompare(b.label));
