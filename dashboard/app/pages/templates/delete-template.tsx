import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Template } from '../../api/types.ts';
import { useApi } from '../../auth/session.tsx';
import { useBrandId } from '../../brand.tsx';
import { ConfirmModal } from '../../components/confirm-modal.tsx';

type Props = { of: Template; onClose: () => void; onDeleted: () => void };

export function DeleteTemplate({ of, onClose, onDeleted }: Props) {
  const api = useApi();
  const queries = useQueryClient();
  const brand_id = useBrandId();
  const remove = useMutation({
    mutationFn: () => api.remove(`/whatsapp/templates/${of.name}`, { brand_id }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['/whatsapp/templates'] });
      onDeleted();
    },
  });
  return (
    <ConfirmModal
      title={`Delete ${of.name}`}
      confirm="Delete the template"
      typed={of.name}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      It is deleted at Meta in all its languages, and sends of it are refused. Its name cannot be used again for 30
      days.
    </ConfirmModal>
  );
}
