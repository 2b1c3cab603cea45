import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { connection, connections } from '../../api/queries.ts';
import { useApi } from '../../auth/session.tsx';
import { useBrand } from '../../brand.tsx';
import { ErrorBox } from '../../components/error-box.tsx';
import { Page } from '../../components/page.tsx';
import { SecretModal } from '../../components/secret-modal.tsx';
import { Loading } from '../../components/states.tsx';
import { Connected } from './connected.tsx';
import { Onboarding } from './onboarding.tsx';

export default function ConnectionPage() {
  const api = useApi();
  const brand = useBrand();
  const all = useQuery(connections(api, brand?.id ?? ''));
  const active = all.data?.find(({ status }) => status === 'active');
  const detail = useQuery({
    ...connection(api, active?.id ?? ''),
    enabled: active !== undefined,
    refetchInterval: 10_000,
  });
  const [secret, setSecret] = useState<string>();
  const shown = detail.data ?? active;
  if (!brand) return null;
  return (
    <Page
      title="Connection"
      description={
        shown
          ? `The WhatsApp number of ${brand.name}, and where its events go.`
          : `Connect a WhatsApp number to ${brand.name}: send with it, and hear what people answer.`
      }
    >
      {all.isPending && <Loading rows={6} />}
      {all.isError && !all.data && <ErrorBox error={all.error} onRetry={() => all.refetch()} />}
      {all.data && !shown && <Onboarding brand={brand} onSecret={setSecret} />}
      {shown && <Connected of={shown} onSecret={setSecret} />}
      {secret && (
        <SecretModal
          title="The signing secret"
          secret={secret}
          variable="QUIXESS_WEBHOOK_SECRET"
          onClose={() => setSecret(undefined)}
        >
          <p>With it your endpoint checks that an event is ours: HMAC-SHA256 over the raw body.</p>
        </SecretModal>
      )}
    </Page>
  );
}
