import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Role } from '../../../../shared/roles.ts';
import { oncePoster } from '../../api/once-poster.ts';
import type { Member } from '../../api/types.ts';
import { useApi } from '../../auth/session.tsx';
import { ConfirmModal } from '../../components/confirm-modal.tsx';
import { focusFirst } from '../../components/focus-first.ts';

const ITEMS = [
  { value: 'viewer', label: 'Viewer', description: 'Sees everything but secrets, changes nothing.' },
  { value: 'developer', label: 'Developer', description: 'Keys, templates, the webhook, replays.' },
  { value: 'owner', label: 'Owner', description: 'Also numbers, brands and people.' },
];

export function Invite({ onClose }: { onClose: () => void }) {
  const api = useApi();
  const [postOnce] = useState(() => oncePoster(api));
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('developer');
  const invite = useMutation({
    mutationFn: () => postOnce<Member>('/members', { email: email.trim(), role }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['/members'] });
      onClose();
    },
  });
  return (
    <ConfirmModal
      title="Invite somebody"
      confirm="Invite"
      isBusy={invite.isPending}
      isDisabled={!/.+@.+/.test(email)}
      error={invite.error}
      onConfirm={() => invite.mutate()}
      onClose={onClose}
    >
      <SpaceBetween size="m">
        <FormField label="Address" description="They get in by signing in with it.">
          <Input type="email" value={email} ref={focusFirst} onChange={({ detail }) => setEmail(detail.value)} />
        </FormField>
        <FormField label="Role">
          <RadioGroup items={ITEMS} value={role} onChange={({ detail }) => setRole(detail.value as Role)} />
        </FormField>
      </SpaceBetween>
    </ConfirmModal>
  );
}
