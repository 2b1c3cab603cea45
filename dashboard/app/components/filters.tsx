import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import type { Filter } from '../page-filters.ts';
import { sinceOf } from '../search-params.ts';
import { words } from '../words.ts';

/** The start of a span as of when it was chosen: while the page is open its question stays the same. */
export const useSince = (span: string | undefined): string | undefined => useMemo(() => sinceOf(span), [span]);

/** What the page is asked for, in its address: can be sent to a colleague, and comes back with the browser's own button. */
export function useFilters(fields: readonly Filter[]) {
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const navigate = useNavigate();
  const set = (changes: Record<string, string | undefined>, replace = false): void =>
    void navigate({
      to: '.',
      replace,
      search: ((before: Record<string, unknown>) => ({ ...before, ...changes })) as never,
    });
  const names = fields.map(({ name }) => name);
  const values: Record<string, string | undefined> = Object.fromEntries(names.map((name) => [name, search[name]]));
  const isFiltered = names.some((name) => values[name] !== undefined);
  const clear = (): void => set(Object.fromEntries(names.map((name) => [name, undefined])));
  return { fields, values, search, set, clear, isFiltered };
}
export type FilterState = ReturnType<typeof useFilters>;

export function Filters({ state }: { state: FilterState }) {
  return (
    <SpaceBetween direction="horizontal" size="s" alignItems="end">
      {state.fields.map((filter) => (
        <FormField key={filter.name} label={filter.label}>
          {filter.options ? (
            <Choice
              filter={filter}
              value={state.values[filter.name]}
              onChange={(value) => state.set({ [filter.name]: value })}
            />
          ) : (
            <Text
              filter={filter}
              value={state.values[filter.name]}
              onChange={(value) => state.set({ [filter.name]: value }, true)}
            />
          )}
        </FormField>
      ))}
      {state.isFiltered && (
        <Button variant="link" onClick={state.clear}>
          Clear filters
        </Button>
      )}
    </SpaceBetween>
  );
}

type FieldProps = { filter: Filter; value: string | undefined; onChange: (value: string | undefined) => void };

function Choice({ filter: { label, options = [], wordOf = words }, value, onChange }: FieldProps) {
  const any = { value: '', label: 'Any' };
  const all = [any, ...options.map((one) => ({ value: one, label: wordOf(one) }))];
  return (
    <Select
      selectedOption={all.find((one) => one.value === value) ?? any}
      options={all}
      ariaLabel={label}
      expandToViewport
      onChange={({ detail }) => onChange(detail.selectedOption.value || undefined)}
    />
  );
}

/** Asked for when the person stops typing. */
function Text({ value = '', filter, onChange }: FieldProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed starts the wait
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text.trim() || undefined), 400);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <Input
      type="search"
      value={text}
      ariaLabel={filter.label}
      clearAriaLabel={`Clear ${filter.label}`}
      onChange={({ detail }) => setText(detail.value)}
    />
  );
}
