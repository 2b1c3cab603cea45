import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { DeliveryAttempt, EventDetail } from '../../api/types.ts';
import { Code } from '../../components/code.tsx';
import { Time } from '../../components/time.tsx';

const CAP = 4096;

/** Newest first: what somebody comes to look at is the last answer. */
export function Attempts({ of }: { of: EventDetail }) {
  if (of.attempts.length === 0) return <Box color="text-body-secondary">None was made yet.</Box>;
  return (
    <SpaceBetween size="xs">
      {[...of.attempts].reverse().map((attempt, place) => (
        <Attempt key={`${attempt.run}.${attempt.number}`} of={attempt} isOpen={place === 0} />
      ))}
    </SpaceBetween>
  );
}

function Attempt({ of, isOpen }: { of: DeliveryAttempt; isOpen: boolean }) {
  const { run, number, at, duration_ms, status_code, error, response, next_attempt_at } = of;
  const isGood = status_code !== null && status_code >= 200 && status_code < 300;
  return (
    <ExpandableSection
      defaultExpanded={isOpen}
      headerText={
        <StatusIndicator type={isGood ? 'success' : 'error'}>
          {`Attempt ${number}${run > 1 ? ` of run ${run}` : ''}: ${status_code ?? words(error)}`}
        </StatusIndicator>
      }
    >
      <SpaceBetween size="xs">
        <Box color="text-body-secondary">
          <Time iso={at} />, {duration_ms} ms
        </Box>
        {response === '' ? (
          <Box color="text-body-secondary">The answer had no body.</Box>
        ) : (
          <Code label={`answer to attempt ${number}`} text={response} />
        )}
        {response.length >= CAP && <Box color="text-body-secondary">Kept up to 4 KiB.</Box>}
        {next_attempt_at && (
          <Box color="text-body-secondary">
            The next one was due <Time iso={next_attempt_at} />.
          </Box>
        )}
      </SpaceBetween>
    </ExpandableSection>
  );
}

const words = (error: string | null): string => (error ?? 'no answer').replaceAll('_', ' ');
