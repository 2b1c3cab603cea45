import Checkbox from '@cloudscape-design/components/checkbox';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Connection } from '../../api/types.ts';
import { useApi } from '../../auth/session.tsx';
import { ConfirmModal } from '../../components/confirm-modal.tsx';

export function EnableEndpoint({ of, onClose }: { of: Connection; onClose: () => void }) {
  const api = useApi();
  const queries = useQueryClient();
  const [recover, setRecover] = useState(true);
  const enable = useMutation({
    mutationFn: () => api.post(`/whatsapp/connections/${of.id}/enable`, { recover }),
    onSuccess: () => {
      onClose();
      void queries.invalidateQueries();
    },
  });
  return (
    <ConfirmModal
      title="Enable the endpoint"
      confirm="Enable"
      isBusy={enable.isPending}
      error={enable.error}
      onConfirm={() => enable.mutate()}
      onClose={onClose}
    >
      <p>
        Events go to <code>{of.webhook_url}</code> again.
      </p>
      <Checkbox checked={recover} onChange={({ detail }) => setRecover(detail.checked)}>
        Bring what was held meanwhile, at a bounded rate
      </Checkbox>
    </ConfirmModal>
  );
}
