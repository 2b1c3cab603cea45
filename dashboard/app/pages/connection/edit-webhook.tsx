import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { EventType } from '../../../../shared/events/event-types.ts';
import type { Connection } from '../../api/types.ts';
import { useApi } from '../../auth/session.tsx';
import { ConfirmModal } from '../../components/confirm-modal.tsx';
import { EventFilter } from './event-filter.tsx';

export function EditWebhook({ of, onClose }: { of: Connection; onClose: () => void }) {
  const api = useApi();
  const queries = useQueryClient();
  const [url, setUrl] = useState(of.webhook_url ?? '');
  const [event_types, setTypes] = useState<EventType[]>(of.event_types);
  const [otp, setOtp] = useState(of.default_otp_template ?? '');
  const save = useMutation({
    mutationFn: () =>
      api.patch<Connection>(`/whatsapp/connections/${of.id}`, {
        webhook_url: url.trim() || null,
        event_types,
        default_otp_template: otp.trim() || null,
      }),
    onSuccess: () => {
      onClose();
      void queries.invalidateQueries({ queryKey: ['/whatsapp/connections'] });
      void queries.invalidateQueries({ queryKey: [`/whatsapp/connections/${of.id}`] });
    },
  });
  return (
    <ConfirmModal
      title="Edit the webhook"
      confirm="Save"
      isBusy={save.isPending}
      isDisabled={event_types.length === 0}
      error={save.error}
      onConfirm={() => save.mutate()}
      onClose={onClose}
    >
      <SpaceBetween size="m">
        <FormField
          label="Webhook URL"
          description="https, and reachable from outside. Seen within a minute; what was held follows."
        >
          <Input type="url" value={url} onChange={({ detail }) => setUrl(detail.value)} />
        </FormField>
        <EventFilter chosen={event_types} onChange={setTypes} />
        <FormField label="Default OTP template" description="What send/otp takes when it names none.">
          <Input value={otp} onChange={({ detail }) => setOtp(detail.value)} />
        </FormField>
      </SpaceBetween>
    </ConfirmModal>
  );
}
