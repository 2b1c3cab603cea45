import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Connection } from '../../api/types.ts';
import { useApi } from '../../auth/session.tsx';
import { ConfirmModal } from '../../components/confirm-modal.tsx';

export function Disconnect({ of, onClose }: { of: Connection; onClose: () => void }) {
  const api = useApi();
  const queries = useQueryClient();
  const name = of.number?.display_phone_number ?? of.phone_number_id;
  const disconnect = useMutation({
    mutationFn: () => api.remove(`/whatsapp/connections/${of.id}`),
    onSuccess: () => {
      onClose();
      void queries.invalidateQueries({ queryKey: ['/whatsapp/connections'] });
    },
  });
  return (
    <ConfirmModal
      title={`Disconnect ${name}`}
      confirm="Disconnect"
      typed={of.phone_number_id}
      isBusy={disconnect.isPending}
      error={disconnect.error}
      onConfirm={() => disconnect.mutate()}
      onClose={onClose}
    >
      The brand sends and hears no more by {name}: its keys answer 404. Messages, conversations and events stay. The
      token and the signing secret are deleted.
    </ConfirmModal>
  );
}
