import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { DEFAULT_EVENT_FILTER, type EventType } from '../../../../shared/events/event-types.ts';
import type { Brand, CreatedConnection, Step } from '../../api/types.ts';
import { useApi } from '../../auth/session.tsx';
import { ErrorBox } from '../../components/error-box.tsx';
import { GatedButton } from '../../components/gated-button.tsx';
import { Steps, stepsOf } from '../../components/steps.tsx';
import { AccessToken } from './access-token.tsx';
import { EventFilter } from './event-filter.tsx';

type Props = { brand: Brand; onSecret: (secret: string) => void };

/** From ids and a token to a number that sends, checked with Meta before anything is kept. */
export function Onboarding({ brand, onSecret }: Props) {
  const api = useApi();
  const queries = useQueryClient();
  const [waba_id, setWaba] = useState('');
  const [phone_number_id, setNumber] = useState('');
  const [access_token, setToken] = useState('');
  const [webhook_url, setUrl] = useState('');
  const [event_types, setTypes] = useState<readonly EventType[]>(DEFAULT_EVENT_FILTER);
  const wish = {
    brand_id: brand.id,
    waba_id: waba_id.trim(),
    phone_number_id: phone_number_id.trim(),
    access_token: access_token.trim(),
    ...(webhook_url.trim() && { webhook_url: webhook_url.trim() }),
  };
  const isFilled = wish.waba_id !== '' && wish.phone_number_id !== '' && wish.access_token !== '';
  const check = useMutation({
    gcTime: 0,
    mutationFn: () => api.post<{ ok?: boolean; steps: Step[] }>('/whatsapp/connections/check', wish),
  });
  const connect = useMutation({
    gcTime: 0,
    mutationFn: () => api.post<CreatedConnection>('/whatsapp/connections', { ...wish, event_types }),
    onSuccess: ({ secret }) => {
      setToken('');
      connect.reset();
      if (secret) onSecret(secret);
      void queries.invalidateQueries({ queryKey: ['/whatsapp/connections'] });
    },
  });
  const steps = stepsOf(connect.error) ?? check.data?.steps ?? stepsOf(check.error);
  return (
    <Container header={<Header variant="h2">Connect a number</Header>}>
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <GatedButton needs="owner" disabled={!isFilled} loading={check.isPending} onClick={() => check.mutate()}>
              Check
            </GatedButton>
            <GatedButton
              needs="owner"
              variant="primary"
              disabled={!isFilled}
              loading={connect.isPending}
              onClick={() => connect.mutate()}
            >
              Connect
            </GatedButton>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          <FormField label="WhatsApp Business account id" description="In Meta's Business settings, under Accounts.">
            <Input value={waba_id} inputMode="numeric" onChange={({ detail }) => setWaba(detail.value)} />
          </FormField>
          <FormField
            label="Phone number id"
            description="In Meta's app dashboard, under WhatsApp → API setup. Not the number itself."
          >
            <Input value={phone_number_id} inputMode="numeric" onChange={({ detail }) => setNumber(detail.value)} />
          </FormField>
          <AccessToken value={access_token} onChange={setToken} />
          <FormField
            label="Webhook URL"
            description="Where events go. Optional: without one they are kept until there is one."
          >
            <Input
              type="url"
              placeholder="https://shop.example/hooks/quixess"
              value={webhook_url}
              onChange={({ detail }) => setUrl(detail.value)}
            />
          </FormField>
          <EventFilter chosen={event_types} onChange={setTypes} />
          {steps && <Steps steps={steps} label="Live checks" />}
          {check.isError && <ErrorBox error={check.error} />}
          {connect.isError && <ErrorBox error={connect.error} />}
        </SpaceBetween>
      </Form>
    </Container>
  );
}
