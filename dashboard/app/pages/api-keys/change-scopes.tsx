import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Scope } from '../../../../shared/scopes.ts';
import type { ApiKey } from '../../api/types.ts';
import { useApi } from '../../auth/session.tsx';
import { ConfirmModal } from '../../components/confirm-modal.tsx';
import { ScopePicker, sameScopes } from './scope-picker.tsx';

/** Extends or narrows what a key may do; the brand stays. */
export function ChangeScopes({ of, onClose }: { of: ApiKey; onClose: () => void }) {
  const api = useApi();
  const queries = useQueryClient();
  const [scopes, setScopes] = useState<Scope[]>(of.scopes);
  const change = useMutation({
    mutationFn: () => api.patch<ApiKey>(`/api-keys/${of.id}`, { scopes }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['/api-keys'] });
      onClose();
    },
  });
  const isSame = sameScopes(scopes, of.scopes) || scopes.length === 0;
  return (
    <ConfirmModal
      title={`Scopes of ${of.name}`}
      confirm="Save scopes"
      isBusy={change.isPending}
      isDisabled={isSame}
      error={change.error}
      onConfirm={() => change.mutate()}
      onClose={onClose}
    >
      <p>It takes effect within a minute: backends that lose a scope get 403 from then on.</p>
      <ScopePicker chosen={scopes} onChange={setScopes} />
    </ConfirmModal>
  );
}
