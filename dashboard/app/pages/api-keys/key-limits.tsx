import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Multiselect from '@cloudscape-design/components/multiselect';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Scope } from '../../../../shared/scopes.ts';
import type { ApiKey } from '../../api/types.ts';
import { COUNTRIES } from './countries.ts';

/** As typed: empty for the usual limit, and for everywhere. */
export type Limits = { perMinute: string; countries: string[] };

export const limitsOf = (key?: Pick<ApiKey, 'requests_per_minute' | 'otp_countries'>): Limits => ({
  perMinute: key?.requests_per_minute ? String(key.requests_per_minute) : '',
  countries: key?.otp_countries ?? [],
});

/** For the API; null for the usual ones. */
export const asWished = ({ perMinute, countries }: Limits) => ({
  requests_per_minute: perMinute === '' ? null : Number(perMinute),
  otp_countries: countries.length === 0 ? null : countries,
});

export const isLimitWrong = ({ perMinute }: Limits): boolean => perMinute !== '' && !/^[1-9]\d{0,6}$/.test(perMinute);

type Props = { limits: Limits; scopes: readonly Scope[]; onChange: (limits: Limits) => void };

/** What a key that leaks could cost at most. */
export function KeyLimits({ limits, scopes, onChange }: Props) {
  return (
    <SpaceBetween size="l">
      <FormField
        label="Sends a minute"
        description="Its own limit; empty for the usual 600."
        errorText={isLimitWrong(limits) ? 'A whole number from 1 to 1,000,000.' : undefined}
      >
        <Input
          type="number"
          value={limits.perMinute}
          placeholder="600"
          onChange={({ detail }) => onChange({ ...limits, perMinute: detail.value })}
        />
      </FormField>
      {scopes.includes('whatsapp:send_otp') && (
        <FormField
          label="Countries its codes may go to"
          description="Numbers elsewhere are refused with 403: a bot that signs up in your name costs less. Empty for all."
        >
          <Multiselect
            options={COUNTRIES}
            selectedOptions={COUNTRIES.filter(({ value }) => limits.countries.includes(value))}
            placeholder="All countries"
            filteringType="auto"
            filteringAriaLabel="Find a country"
            tokenLimit={8}
            deselectAriaLabel={({ label }) => `Remove ${label}`}
            onChange={({ detail }) =>
              onChange({ ...limits, countries: detail.selectedOptions.flatMap(({ value }) => value ?? []) })
            }
          />
        </FormField>
      )}
    </SpaceBetween>
  );
}
