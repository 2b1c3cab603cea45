import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { Connection } from '../../api/types.ts';
import { CopyId } from '../../components/copy-id.tsx';
import { GatedButton } from '../../components/gated-button.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { Disconnect } from './disconnect.tsx';
import { NewToken } from './new-token.tsx';
import { SigningSecret } from './signing-secret.tsx';
import { Webhook } from './webhook.tsx';

type Props = { of: Connection; onSecret: (secret: string) => void };

export function Connected({ of, onSecret }: Props) {
  return (
    <SpaceBetween size="l">
      <NumberCard of={of} onSecret={onSecret} />
      <Webhook of={of} />
      <SigningSecret of={of} onSecret={onSecret} />
    </SpaceBetween>
  );
}

function NumberCard({ of, onSecret }: Props) {
  const { number, token } = of;
  const [act, setAct] = useState<'token' | 'end'>();
  const close = () => setAct(undefined);
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <GatedButton
                needs="owner"
                variant={token && token.state !== 'valid' ? 'primary' : 'normal'}
                onClick={() => setAct('token')}
              >
                New token
              </GatedButton>
              <GatedButton needs="owner" onClick={() => setAct('end')}>
                Disconnect
              </GatedButton>
            </SpaceBetween>
          }
        >
          Number
        </Header>
      }
    >
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Number', value: number?.display_phone_number ?? '–' },
          { label: 'Name', value: number?.verified_name ?? '–' },
          { label: "Meta's status", value: number?.status ? <Status value={number.status} /> : '–' },
          { label: 'Quality', value: number?.quality_rating ? <Status value={number.quality_rating} /> : '–' },
          { label: 'People in 24 hours', value: number?.messaging_limit ?? '–' },
          { label: 'Throughput', value: number?.throughput ?? '–' },
          { label: 'Access token', value: token ? <Status value={token.state} /> : '–' },
          { label: 'Asked Meta', value: <Time iso={number?.checked_at} /> },
          { label: 'Phone number id', value: <CopyId value={of.phone_number_id} label="phone number id" /> },
          { label: 'Business account id', value: <CopyId value={of.waba_id} label="account id" /> },
          { label: 'Connection', value: <CopyId value={of.id} label="connection id" /> },
          { label: 'Default OTP template', value: of.default_otp_template ?? '–' },
        ]}
      />
      {act === 'token' && <NewToken of={of} onSecret={onSecret} onClose={close} />}
      {act === 'end' && <Disconnect of={of} onClose={close} />}
    </Container>
  );
}
