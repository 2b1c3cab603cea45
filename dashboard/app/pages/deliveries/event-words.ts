import type { DeliveryAttempt, EventDetail } from '../../api/types.ts';

type Banner = { type: 'success' | 'info' | 'warning' | 'error'; text: string };

/** How the delivery stands, as one would say it to a colleague. */
export function inWords({ status, attempts, type }: EventDetail): Banner {
  const last = attempts.at(-1);
  const count = attempts.filter(({ run }) => run === last?.run).length;
  const times = count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;
  switch (status) {
    case 'delivered':
      return { type: 'success', text: `Your endpoint took it with ${last?.status_code ?? 'a 2xx'}.` };
    case 'retrying':
      return { type: 'warning', text: `${outcomeOf(last)} ${times}. It is tried again.` };
    case 'failed':
      return {
        type: 'error',
        text: `${outcomeOf(last)} ${times}. No more attempts are made: repair the endpoint, then replay.`,
      };
    case 'held':
      return {
        type: 'warning',
        text: 'It is kept until there is an endpoint that takes it: none is set, or it is disabled.',
      };
    default:
      return { type: 'info', text: `${type} is on its way for the first time.` };
  }
}

function outcomeOf(attempt: DeliveryAttempt | undefined): string {
  if (!attempt) return 'It could not be delivered';
  if (attempt.status_code !== null) return `Your endpoint answered ${attempt.status_code}`;
  return ERRORS[attempt.error ?? ''] ?? `The attempt ended with ${(attempt.error ?? 'an error').replaceAll('_', ' ')}`;
}

const ERRORS: Record<string, string> = {
  timeout: 'Your endpoint did not answer within 15 seconds',
  connection_refused: 'Your endpoint refused the connection',
  dns: 'The name of your endpoint was not found',
  tls: 'The certificate of your endpoint was not accepted',
};
