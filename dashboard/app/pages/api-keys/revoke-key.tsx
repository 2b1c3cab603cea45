import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ApiKey } from '../../api/types.ts';
import { useApi } from '../../auth/session.tsx';
import { ConfirmModal } from '../../components/confirm-modal.tsx';
import { Ago } from '../../components/time.tsx';

export function RevokeKey({ of, onClose }: { of: ApiKey; onClose: () => void }) {
  const api = useApi();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => api.remove(`/api-keys/${of.id}`),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['/api-keys'] });
      onClose();
    },
  });
  return (
    <ConfirmModal
      title={`Revoke ${of.name}`}
      confirm="Revoke the key"
      typed={of.name}
      isBusy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    >
      <p>
        Within a minute every request with the key <code>{of.id}</code> is refused with 401, for good. It was last used{' '}
        <Ago iso={of.last_used_at} />.
      </p>
    </ConfirmModal>
  );
}
