import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Connection, Rotation, WithSecret } from '../../api/types.ts';
import { useApi } from '../../auth/session.tsx';
import { ConfirmModal } from '../../components/confirm-modal.tsx';
import { GatedButton } from '../../components/gated-button.tsx';
import { Time } from '../../components/time.tsx';

type Act = 'rotate' | 'promote';

/** In two steps, so that no event is lost while the endpoint learns the new secret. */
export function SigningSecret({ of, onSecret }: { of: Connection; onSecret: (secret: string) => void }) {
  const api = useApi();
  const [act, setAct] = useState<Act>();
  const [rotation, setRotation] = useState<Rotation>();
  const run = useMutation({
    gcTime: 0,
    mutationFn: async (kind: Act) => {
      const { secret, ...told } = await api.post<Partial<WithSecret<Rotation>>>(
        `/whatsapp/connections/${of.id}/${kind}-secret`,
      );
      // Out of here it goes to what shows it; what the cache of mutations sees has no secret in it.
      if (secret) onSecret(secret);
      return told as Rotation;
    },
    onSuccess: (told) => {
      setRotation(told);
      setAct(undefined);
    },
  });
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <GatedButton needs="developer" onClick={() => setAct('rotate')}>
                Rotate
              </GatedButton>
              <GatedButton needs="developer" onClick={() => setAct('promote')}>
                Promote the new one
              </GatedButton>
            </SpaceBetween>
          }
        >
          Signing secret
        </Header>
      }
    >
      <SpaceBetween size="s">
        <Box>
          <code>whsec_••••••••••••••••</code>
        </Box>
        <Box color="text-body-secondary">
          It was shown when the number was connected. Whoever has lost it rotates: for 24 hours both secrets sign, the
          old one first; promoting puts the new one first.
        </Box>
        {rotation && !rotation.old_ends_at && (
          <Alert type="info" header="One secret signs">
            There is no second one: rotate first.
          </Alert>
        )}
        {rotation?.old_ends_at && (
          <Alert type="info" header="Two secrets sign">
            The new one comes first at <Time iso={rotation.promotes_at} /> at the latest, and the old one signs beside
            it until <Time iso={rotation.old_ends_at} />.
          </Alert>
        )}
      </SpaceBetween>
      {act && (
        <ConfirmModal
          title={act === 'rotate' ? 'Rotate the signing secret' : 'Promote the new secret'}
          confirm={act === 'rotate' ? 'Rotate' : 'Promote'}
          isBusy={run.isPending}
          error={run.error}
          onConfirm={() => run.mutate(act)}
          onClose={() => setAct(undefined)}
        >
          {act === 'rotate'
            ? 'You are shown a new secret once. X-Quixess-Signature-256 stays with the old one until you promote; webhook-signature carries both.'
            : 'From now on the new secret makes X-Quixess-Signature-256: an endpoint that knows only the old one refuses every event.'}
        </ConfirmModal>
      )}
    </Container>
  );
}
