import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { oncePoster } from '../../api/once-poster.ts';
import type { ApiKey, WithSecret } from '../../api/types.ts';
import { useApi } from '../../auth/session.tsx';
import { ConfirmModal } from '../../components/confirm-modal.tsx';

const GRACES = [
  { value: '0', label: 'Not at all', description: 'The old secret stops within a minute. For one that leaked.' },
  { value: '1h', label: 'One hour' },
  { value: '24h', label: '24 hours' },
  { value: '7d', label: '7 days' },
];

type Props = { of: ApiKey; onRolled: (rolled: WithSecret<ApiKey>) => void; onClose: () => void };

/** A new secret with the same rights; the old one lives on for a while. */
export function RollKey({ of, onRolled, onClose }: Props) {
  const api = useApi();
  const [postOnce] = useState(() => oncePoster(api));
  const queries = useQueryClient();
  const [grace, setGrace] = useState('24h');
  const roll = useMutation({
    gcTime: 0,
    mutationFn: () => postOnce<WithSecret<ApiKey>>(`/api-keys/${of.id}/roll`, { grace }),
    onSuccess: (rolled) => {
      void queries.invalidateQueries({ queryKey: ['/api-keys'] });
      roll.reset();
      onRolled(rolled);
    },
  });
  return (
    <ConfirmModal
      title={`Roll ${of.name}`}
      confirm="Roll the key"
      isBusy={roll.isPending}
      error={roll.error}
      onConfirm={() => roll.mutate()}
      onClose={onClose}
    >
      <p>
        You get a new secret with the same scopes. What is sent with the old one keeps working for as long as you say.
      </p>
      <FormField label="How long the old secret lives">
        <RadioGroup value={grace} items={GRACES} onChange={({ detail }) => setGrace(detail.value)} />
      </FormField>
    </ConfirmModal>
  );
}
