import FormField from '@cloudscape-design/components/form-field';
import Multiselect from '@cloudscape-design/components/multiselect';
import { EVENT_TYPES, type EventType } from '../../../../shared/events/event-types.ts';

const OPTIONS = EVENT_TYPES.map((type) => ({ value: type, label: type }));

/** Which events the endpoint hears of. */
export function EventFilter({
  chosen,
  onChange,
}: {
  chosen: readonly EventType[];
  onChange: (types: EventType[]) => void;
}) {
  return (
    <FormField label="Events" description="Only these are sent. The catalogue says what is in each.">
      <Multiselect
        options={OPTIONS}
        selectedOptions={OPTIONS.filter(({ value }) => chosen.includes(value))}
        placeholder="Choose events"
        filteringType="auto"
        filteringAriaLabel="Find events"
        tokenLimit={6}
        deselectAriaLabel={({ label }) => `Remove ${label}`}
        enableSelectAll
        i18nStrings={{ selectAllText: 'All' }}
        onChange={({ detail }) => onChange(detail.selectedOptions.map(({ value }) => value as EventType))}
      />
    </FormField>
  );
}
