import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Connection, Endpoint } from '../../api/types.ts';
import { useApi } from '../../auth/session.tsx';
import { CopyId } from '../../components/copy-id.tsx';
import { ErrorBox } from '../../components/error-box.tsx';
import { GatedButton } from '../../components/gated-button.tsx';
import { RouterLink } from '../../components/router-link.tsx';
import { Status } from '../../components/status.tsx';
import { ago } from '../../components/time.tsx';
import { EditWebhook } from './edit-webhook.tsx';
import { EnableEndpoint } from './enable-endpoint.tsx';

/** Where events go, how the endpoint is, and a test of it. */
export function Webhook({ of }: { of: Connection }) {
  const api = useApi();
  const [isEditing, setEditing] = useState(false);
  const test = useMutation({ mutationFn: () => api.post<{ id: string }>(`/whatsapp/connections/${of.id}/test`) });
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <GatedButton
                needs="developer"
                disabled={of.webhook_url === null}
                loading={test.isPending}
                onClick={() => test.mutate()}
              >
                Send test event
              </GatedButton>
              <GatedButton needs="developer" onClick={() => setEditing(true)}>
                Edit
              </GatedButton>
            </SpaceBetween>
          }
        >
          Webhook
        </Header>
      }
    >
      <SpaceBetween size="m">
        {of.endpoint && <Health of={of} endpoint={of.endpoint} />}
        {test.isError && <ErrorBox error={test.error} />}
        {test.data && (
          <Alert type="info">
            A test event is on its way:{' '}
            <RouterLink to={`/webhooks/deliveries/${test.data.id}`}>{test.data.id}</RouterLink>
          </Alert>
        )}
        <KeyValuePairs
          columns={2}
          items={[
            {
              label: 'URL',
              value: of.webhook_url ? (
                <CopyId value={of.webhook_url} label="webhook URL" />
              ) : (
                'None: events are kept until there is one.'
              ),
            },
            {
              label: 'State',
              value: of.endpoint ? <Status value={of.endpoint.state} label={STATES[of.endpoint.state]} /> : '–',
            },
            { label: `Events (${of.event_types.length})`, value: of.event_types.join(', ') || 'None' },
          ]}
        />
      </SpaceBetween>
      {isEditing && <EditWebhook of={of} onClose={() => setEditing(false)} />}
    </Container>
  );
}

const STATES: Record<Endpoint['state'], string> = {
  closed: 'Works',
  open: 'Fails: events are held, and it is tried again soon',
  blocked: 'Its address is not allowed',
  disabled: 'Disabled',
};

function Health({ of, endpoint }: { of: Connection; endpoint: Endpoint }) {
  const { state, reason, since, failed_events: failed } = endpoint;
  const [isEnabling, setEnabling] = useState(false);
  if (state === 'closed') return null;
  const when = since ? ` ${ago(Date.parse(since), Date.now())}` : '';
  return (
    <Alert
      type={state === 'open' ? 'warning' : 'error'}
      header={`${STATES[state]}${when}`}
      action={
        state === 'disabled' && (
          <GatedButton needs="developer" onClick={() => setEnabling(true)}>
            Enable
          </GatedButton>
        )
      }
    >
      {reason && <Box>Reason: {reason.replaceAll('_', ' ')}.</Box>}
      <Box>
        {failed > 0 ? `${failed} ${failed === 1 ? 'event' : 'events'} failed since. ` : ''}Events are kept for 30 days,
        and can be recovered once it works.
      </Box>
      {isEnabling && <EnableEndpoint of={of} onClose={() => setEnabling(false)} />}
    </Alert>
  );
}
