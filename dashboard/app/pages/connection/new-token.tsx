import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Connection, CreatedConnection } from '../../api/types.ts';
import { useApi } from '../../auth/session.tsx';
import { ConfirmModal } from '../../components/confirm-modal.tsx';
import { focusFirst } from '../../components/focus-first.ts';
import { Steps, stepsOf } from '../../components/steps.tsx';
import { AccessToken } from './access-token.tsx';

type Props = { of: Connection; onSecret: (secret: string) => void; onClose: () => void };

/** Another token for the same number. Disconnecting would end the signing secret, and sends meanwhile. */
export function NewToken({ of, onSecret, onClose }: Props) {
  const api = useApi();
  const queries = useQueryClient();
  const [token, setToken] = useState('');
  const replace = useMutation({
    gcTime: 0,
    mutationFn: () =>
      api.post<CreatedConnection>('/whatsapp/connections', {
        brand_id: of.brand_id,
        waba_id: of.waba_id,
        phone_number_id: of.phone_number_id,
        // What is not named stays, also where somebody has just changed it.
        access_token: token.trim(),
      }),
    onSuccess: ({ secret }) => {
      replace.reset();
      // Somebody disconnected it meanwhile: then this was a connection anew, with a secret of its own.
      if (secret) onSecret(secret);
      onClose();
      void queries.invalidateQueries({ queryKey: ['/whatsapp/connections'] });
      void queries.invalidateQueries({ queryKey: [`/whatsapp/connections/${of.id}`] });
    },
  });
  const steps = stepsOf(replace.error);
  return (
    <ConfirmModal
      title={`A new token for ${of.number?.display_phone_number ?? of.phone_number_id}`}
      confirm="Replace the token"
      isBusy={replace.isPending}
      isDisabled={token.trim() === ''}
      error={replace.error}
      onConfirm={() => replace.mutate()}
      onClose={onClose}
    >
      <SpaceBetween size="m">
        <div>
          It is checked with Meta, then takes the place of the one before. The signing secret, the webhook and the
          history stay.
        </div>
        <AccessToken value={token} ref={focusFirst} onChange={setToken} />
        {steps && <Steps steps={steps} label="Live checks" />}
      </SpaceBetween>
    </ConfirmModal>
  );
}
