import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import type { ApiKey } from '../api/types.ts';
import { LinkButton } from '../components/router-link.tsx';
import type { Overview } from './first-steps.ts';

type Matter = { key: string; type: 'error' | 'warning'; title: string; text: ReactNode; action: string; to: string };

/** What somebody should look at; nothing where all is well. */
export function Attention({ facts }: { facts: Overview }) {
  const found = matters(facts);
  if (found.length === 0) return null;
  return (
    <SpaceBetween size="s">
      {found.map(({ key, type, title, text, action, to }) => (
        <Alert key={key} type={type} header={title} action={<LinkButton to={to}>{action}</LinkButton>}>
          {text}
        </Alert>
      ))}
    </SpaceBetween>
  );
}

function matters({ connection, failed, templates, keys }: Overview): Matter[] {
  const found: Matter[] = [];
  const toConnection = { action: 'To the connection', to: '/whatsapp/connection' };
  if (connection?.endpoint?.state === 'disabled')
    found.push({
      key: 'endpoint',
      type: 'error',
      title: 'Your webhook endpoint is disabled',
      text: 'No attempts are made. Events are kept, and can be recovered once it is enabled.',
      ...toConnection,
    });
  if (connection?.token?.state === 'dead')
    found.push({
      key: 'token',
      type: 'error',
      title: 'WhatsApp does not take the access token any more',
      text: 'Sends are refused until there is another.',
      ...toConnection,
    });
  if (connection?.token?.state === 'expiring')
    found.push({
      key: 'token',
      type: 'warning',
      title: 'The access token ends soon',
      text: 'Take one of a system user: it does not end.',
      ...toConnection,
    });
  const rating = connection?.number?.quality_rating;
  if (rating === 'RED' || rating === 'YELLOW')
    found.push({
      key: 'quality',
      type: 'warning',
      title: `The quality of the number is ${rating.toLowerCase()}`,
      text: 'People block or report it. Meta may lower how many you can write to in a day.',
      ...toConnection,
    });
  if (failed.rows.length > 0)
    found.push({
      key: 'failed',
      type: 'warning',
      title: notDelivered(failed),
      text: 'All attempts failed. Repair your endpoint, then replay or recover them.',
      action: 'To the deliveries',
      to: '/webhooks/deliveries?status=failed',
    });
  const rejected = templates.filter(({ status }) => status === 'REJECTED');
  if (rejected.length > 0)
    found.push({
      key: 'rejected',
      type: 'warning',
      title: `Meta rejected ${rejected.map(({ name }) => name).join(', ')}`,
      text: 'The reason is beside it.',
      action: 'To the templates',
      to: '/whatsapp/templates?status=REJECTED',
    });
  const unused = keys.filter(isLongUnused);
  if (unused.length > 0)
    found.push({
      key: 'unused',
      type: 'warning',
      title: `${unused.map(({ name }) => name).join(', ')}: not used for 30 days`,
      text: 'A key nobody needs is one that can only leak.',
      action: 'To the keys',
      to: '/settings/api-keys?status=active',
    });
  return found;
}

function notDelivered({ rows: { length }, isAll }: Overview['failed']): string {
  if (!isAll) return `${length} or more events were not delivered`;
  return length === 1 ? '1 event was not delivered' : `${length} events were not delivered`;
}

const LONG_MS = 30 * 24 * 60 * 60 * 1000;
const isLongUnused = ({ last_used_at, created_at }: ApiKey): boolean =>
  Date.now() - Date.parse(last_used_at ?? created_at) > LONG_MS;
