import Alert from '@cloudscape-design/components/alert';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Steps from '@cloudscape-design/components/steps';
import { useQuery } from '@tanstack/react-query';
import { message } from '../../api/queries.ts';
import { useApi } from '../../auth/session.tsx';
import { useBrandId } from '../../brand.tsx';
import { Json } from '../../components/code.tsx';
import { CopyId } from '../../components/copy-id.tsx';
import { ErrorBox } from '../../components/error-box.tsx';
import { RouterLink } from '../../components/router-link.tsx';
import { Loading } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { words } from '../../words.ts';
import { whoOf } from './message-text.ts';

/** One message, and the time of every status it took. */
export default function MessagePanel({ id }: { id: string }) {
  const api = useApi();
  const brandId = useBrandId();
  const query = useQuery({ ...message(api, id, brandId), refetchInterval: 5_000 });
  if (query.isPending) return <Loading rows={5} />;
  if (!query.data) return <ErrorBox error={query.error} onRetry={() => query.refetch()} />;
  const of = query.data;
  return (
    <SpaceBetween size="l">
      {of.errors.map(({ code, title, details, retryable }) => (
        <Alert key={code} type="error" header={`${code}: ${title ?? 'WhatsApp did not deliver it'}`}>
          {details} {retryable ? 'Sending it again may help.' : 'Sending it again will not help.'}
        </Alert>
      ))}
      <KeyValuePairs
        columns={3}
        items={[
          { label: 'Message', value: <CopyId value={of.id} label="message id" /> },
          { label: 'At WhatsApp', value: of.wa_message_id ? <CopyId value={of.wa_message_id} label="wamid" /> : '–' },
          { label: 'State', value: <Status value={of.status} /> },
          { label: 'Person', value: whoOf(of) },
          { label: 'Phone', value: of.contact?.phone ? <CopyId value={of.contact.phone} label="phone number" /> : '–' },
          { label: 'Reference', value: of.reference ?? '–' },
          {
            label: 'Conversation',
            value: of.conversation_id ? (
              <RouterLink to={`/whatsapp/conversations?conversation=${of.conversation_id}`}>Open</RouterLink>
            ) : (
              '–'
            ),
          },
        ]}
      />
      <Steps
        ariaLabel="What became of it"
        steps={of.timeline.map(({ status, at }) => ({
          header: words(status),
          status: status === 'failed' ? 'error' : 'success',
          statusIconAriaLabel: words(status),
          details: <Time iso={at} />,
        }))}
      />
      <Json label="content" value={of.content} />
    </SpaceBetween>
  );
}
