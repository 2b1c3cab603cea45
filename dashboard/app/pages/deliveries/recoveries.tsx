import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { recoveries } from '../../api/queries.ts';
import type { Recovery } from '../../api/types.ts';
import { useApi } from '../../auth/session.tsx';
import { useBrandId } from '../../brand.tsx';
import { ConfirmModal } from '../../components/confirm-modal.tsx';
import { CopyId } from '../../components/copy-id.tsx';
import { CursorTable } from '../../components/cursor-table.tsx';
import { GatedButton } from '../../components/gated-button.tsx';
import { Page } from '../../components/page.tsx';
import { FirstRun } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';

const RecoverModal = lazy(() => import('./recover-modal.tsx'));

export default function Recoveries() {
  const api = useApi();
  const brand_id = useBrandId();
  const query = useInfiniteQuery({
    ...recoveries(api, brand_id),
    refetchInterval: ({ state }) => (hasRunning(state.data?.pages[0]?.data) ? 2_000 : 20_000),
  });
  const [isRecovering, setRecovering] = useState(false);
  const [ending, setEnding] = useState<Recovery>();
  const running = (query.data?.pages[0]?.data ?? []).filter(({ status }) => status === 'running');
  const recover = (
    <GatedButton needs="developer" variant="primary" onClick={() => setRecovering(true)}>
      Recover many
    </GatedButton>
  );
  return (
    <Page title="Recoveries" description="Many events brought once more, at a bounded rate." actions={recover}>
      {running.map((one) => (
        <Running key={one.id} of={one} onCancel={() => setEnding(one)} />
      ))}
      <CursorTable
        title="Recoveries"
        query={query}
        idOf={({ id }) => id}
        firstRun={<FirstRun title="None yet">When your endpoint was away, one brings what it missed.</FirstRun>}
        columns={[
          { id: 'id', header: 'Recovery', isRowHeader: true, minWidth: 330, cell: ({ id }) => <CopyId value={id} /> },
          { id: 'status', header: 'State', minWidth: 120, cell: ({ status }) => <Status value={status} /> },
          {
            id: 'count',
            header: 'Events',
            minWidth: 110,
            cell: ({ enqueued, count, count_is_exact }) => `${enqueued} of ${count}${count_is_exact ? '' : '+'}`,
          },
          { id: 'since', header: 'From', minWidth: 190, cell: ({ filter }) => <Time iso={filter.since} /> },
          { id: 'until', header: 'To', minWidth: 190, cell: ({ filter }) => <Time iso={filter.until} /> },
          { id: 'at', header: 'Begun', minWidth: 190, cell: ({ created_at }) => <Time iso={created_at} /> },
        ]}
      />
      {isRecovering && (
        <Suspense>
          <RecoverModal onClose={() => setRecovering(false)} />
        </Suspense>
      )}
      {ending && <Cancel of={ending} onClose={() => setEnding(undefined)} />}
    </Page>
  );
}

const hasRunning = (all: Recovery[] = []): boolean => all.some(({ status }) => status === 'running');

function Running({ of, onCancel }: { of: Recovery; onCancel: () => void }) {
  const percent = of.count === 0 ? 100 : Math.min(100, Math.round((of.enqueued / of.count) * 100));
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <GatedButton needs="developer" onClick={onCancel}>
              Cancel
            </GatedButton>
          }
        >
          A recovery is running
        </Header>
      }
    >
      <SpaceBetween size="s">
        <ProgressBar
          value={percent}
          label="Events on their way"
          description={`${of.enqueued} of ${of.count}${of.count_is_exact ? '' : ' or more'}, ${of.rate_per_second} a second at most`}
        />
        <CopyId value={of.id} label="recovery id" />
      </SpaceBetween>
    </Container>
  );
}

function Cancel({ of, onClose }: { of: Recovery; onClose: () => void }) {
  const api = useApi();
  const queries = useQueryClient();
  const brand_id = useBrandId();
  const cancel = useMutation({
    mutationFn: () => api.post(`/webhooks/recoveries/${of.id}/cancel`, {}, { brand_id }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['/webhooks/recoveries'] });
      onClose();
    },
  });
  return (
    <ConfirmModal
      title="Cancel the recovery"
      confirm="Cancel the recovery"
      isBusy={cancel.isPending}
      error={cancel.error}
      onConfirm={() => cancel.mutate()}
      onClose={onClose}
    >
      <code>{of.id}</code> stops after the {of.enqueued} events that are on their way. The rest stays as it is, and can
      be recovered later.
    </ConfirmModal>
  );
}
