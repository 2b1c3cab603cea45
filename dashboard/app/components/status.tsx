import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { words } from '../words.ts';

type Kind = StatusIndicatorProps.Type;

const KINDS: Record<string, Kind> = {
  // messages
  received: 'info',
  dispatched: 'in-progress',
  accepted: 'pending',
  outcome_unknown: 'warning',
  sent: 'pending',
  delivered: 'success',
  read: 'success',
  played: 'success',
  failed: 'error',
  // deliveries and recoveries
  pending: 'pending',
  retrying: 'in-progress',
  held: 'warning',
  running: 'in-progress',
  completed: 'success',
  cancelled: 'stopped',
  stopped: 'warning',
  // templates
  APPROVED: 'success',
  PENDING: 'pending',
  IN_APPEAL: 'pending',
  REJECTED: 'error',
  PAUSED: 'warning',
  DISABLED: 'error',
  LIMIT_EXCEEDED: 'error',
  // keys and people
  active: 'success',
  expiring: 'warning',
  ending: 'warning',
  expired: 'stopped',
  revoked: 'stopped',
  invited: 'pending',
  // connections
  CONNECTED: 'success',
  GREEN: 'success',
  YELLOW: 'warning',
  RED: 'error',
  valid: 'success',
  dead: 'error',
  closed: 'success',
  open: 'warning',
  blocked: 'error',
  disabled: 'error',
  disconnected: 'stopped',
  // steps
  done: 'success',
  skipped: 'info',
  not_reached: 'pending',
};

/** A state in a word, a colour and a sign. */
export function Status({ value, label }: { value: string; label?: string }) {
  return <StatusIndicator type={KINDS[value] ?? 'info'}>{label ?? words(value)}</StatusIndicator>;
}
