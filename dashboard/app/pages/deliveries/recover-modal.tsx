import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import Slider from '@cloudscape-design/components/slider';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { oncePoster } from '../../api/once-poster.ts';
import type { Recovery, RecoveryDryRun } from '../../api/types.ts';
import { useApi } from '../../auth/session.tsx';
import { useBrandId } from '../../brand.tsx';
import { ConfirmModal } from '../../components/confirm-modal.tsx';
import { ErrorBox } from '../../components/error-box.tsx';
import { useSince } from '../../components/filters.tsx';
import { href } from '../../components/router-link.tsx';
import { SPANS } from '../../search-params.ts';

const CHOICES = Object.entries(SPANS).map(([value, { words }]) => ({ value, label: words }));

/** Events a second. */
const MAX_RATE = 100;

/** Brings many events once more: says how many, and how long it takes, before anything begins. */
export default function RecoverModal({ since = '8h', onClose }: { since?: string | undefined; onClose: () => void }) {
  const api = useApi();
  const [postOnce] = useState(() => oncePoster(api));
  const queries = useQueryClient();
  const router = useRouter();
  const brand_id = useBrandId();
  const [span, setSpan] = useState(since);
  const [isAlsoDelivered, setAlsoDelivered] = useState(false);
  const [rate, setRate] = useState(10);
  const filter = {
    brand_id,
    since: useSince(span),
    statuses: ['failed', 'held', ...(isAlsoDelivered ? ['delivered'] : [])],
  };
  // Counted once for every rate: the slider moves through dozens, and a count may take seconds.
  const plan = useQuery({
    queryKey: ['recovery-plan', filter],
    queryFn: () =>
      api.post<RecoveryDryRun>('/webhooks/recoveries', { ...filter, rate_per_second: MAX_RATE, dry_run: true }),
  });
  const begin = useMutation({
    mutationFn: () => postOnce<Recovery>('/webhooks/recoveries', { ...filter, rate_per_second: rate }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['/webhooks/recoveries'] });
      router.history.push(href('/webhooks/recoveries'));
    },
  });
  const { count = 0, count_is_exact: isExact = true, rate_per_second: fastest = MAX_RATE } = plan.data ?? {};
  const seconds = count / Math.min(rate, fastest);
  return (
    <ConfirmModal
      title="Recover many events"
      confirm={count > 0 ? `Recover ${count}${isExact ? '' : ' or more'}` : 'Recover'}
      isBusy={begin.isPending}
      isDisabled={count === 0 || plan.isFetching}
      error={begin.error}
      onConfirm={() => begin.mutate()}
      onClose={onClose}
    >
      <SpaceBetween size="m">
        <FormField label="What happened in the">
          <Select
            options={CHOICES}
            selectedOption={CHOICES.find(({ value }) => value === span) ?? null}
            onChange={({ detail }) => setSpan(detail.selectedOption.value ?? '8h')}
          />
        </FormField>
        <Checkbox checked={isAlsoDelivered} onChange={({ detail }) => setAlsoDelivered(detail.checked)}>
          Also what was delivered
        </Checkbox>
        <FormField
          label={`At most ${rate} a second`}
          description="Never more than half of what your endpoint is given."
        >
          <Slider
            value={rate}
            min={1}
            max={MAX_RATE}
            ariaLabel="Events a second"
            onChange={({ detail }) => setRate(detail.value)}
          />
        </FormField>
        {plan.isError ? (
          <ErrorBox error={plan.error} onRetry={() => plan.refetch()} />
        ) : (
          <p role="status">
            {plan.isPending
              ? 'Counting …'
              : count === 0
                ? 'There is nothing to recover.'
                : `${count.toLocaleString('en')}${isExact ? '' : ' or more'} events, about ${lasting(seconds)}. They keep their ids: your endpoint may see one twice, and in another order.`}
          </p>
        )}
      </SpaceBetween>
    </ConfirmModal>
  );
}

const lasting = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
