import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Scope } from '../../../../shared/scopes.ts';
import type { ApiKey } from '../../api/types.ts';
import { useApi } from '../../auth/session.tsx';
import { ConfirmModal } from '../../components/confirm-modal.tsx';
import { asWished, isLimitWrong, KeyLimits, limitsOf } from './key-limits.tsx';
import { afterDays, LIVES } from './lives.ts';
import { ScopePicker, sameScopes } from './scope-picker.tsx';

const KEEP = 'keep';

/** Extends or narrows what a key may do, how much, and for how long; the brand stays. */
export default function ChangeKey({ of, onClose }: { of: ApiKey; onClose: () => void }) {
  const api = useApi();
  const queries = useQueryClient();
  const [scopes, setScopes] = useState<Scope[]>(of.scopes);
  const [life, setLife] = useState(KEEP);
  const [limits, setLimits] = useState(() => limitsOf(of));
  const change = useMutation({
    mutationFn: () =>
      api.patch<ApiKey>(`/api-keys/${of.id}`, {
        scopes,
        ...asWished(limits),
        ...(life !== KEEP && { expires_at: afterDays(life) }),
      }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['/api-keys'] });
      onClose();
    },
  });
  const isSame =
    sameScopes(scopes, of.scopes) && life === KEEP && JSON.stringify(limits) === JSON.stringify(limitsOf(of));
  const options = [
    { value: KEEP, label: of.expires_at ? `As it is: ${of.expires_at.slice(0, 10)}` : 'As it is: never' },
    ...LIVES,
  ];
  return (
    <ConfirmModal
      title={`Change ${of.name}`}
      confirm="Save"
      isBusy={change.isPending}
      isDisabled={isSame || scopes.length === 0 || isLimitWrong(limits)}
      error={change.error}
      onConfirm={() => change.mutate()}
      onClose={onClose}
    >
      <p>It takes effect within a minute: backends that lose a scope get 403 from then on.</p>
      <SpaceBetween size="l">
        <ScopePicker chosen={scopes} onChange={setScopes} />
        <FormField label="Ends">
          <Select
            options={options}
            selectedOption={options.find(({ value }) => value === life) ?? null}
            onChange={({ detail }) => setLife(detail.selectedOption.value ?? KEEP)}
          />
        </FormField>
        <KeyLimits limits={limits} scopes={scopes} onChange={setLimits} />
      </SpaceBetween>
    </ConfirmModal>
  );
}
