import type { Profile, Scenario } from '../../bench/profile.ts';
import { ASSUMED, PRICES } from './prices.ts';

/** What is paid for a million of something: part → dollars. */
export type Parts = Record<string, number>;

export const total = (parts: Parts): number => Object.values(parts).reduce((sum, one) => sum + one, 0);

/** Megabytes of each function, from the template. */
export type Memory = ReadonlyMap<string, number>;

type Load = {
  /** Messages to a worker at once. */
  batch: number;
  /** What a function waits for besides AWS, milliseconds. */
  waits: Readonly<Record<string, number>>;
  /** Requests that come in through a gateway. */
  requests: number;
};

/** Calls of Lambda's own pollers: one for a whole batch, and no time of the function. */
const POLLS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage'];

/** A million times what the profile says of one. */
export function perMillion(scenario: Scenario, memory: Memory, { batch, waits, requests }: Load): Parts {
  const parts: Parts = { gateway: requests * PRICES.apiRequestsPerMillion };
  const add = (part: string, dollars: number) => {
    parts[part] = (parts[part] ?? 0) + dollars;
  };
  for (const [name, use] of Object.entries(scenario)) {
    // A worker's invocation serves a batch; one behind the gateway serves its request, one of a loop its turn.
    const shared = POLLS.some((action) => action in use.calls) ? batch : 1;
    const calls = (wanted: (action: string) => boolean) =>
      Object.entries(use.calls).reduce((sum, [action, times]) => sum + (wanted(action) ? times : 0), 0);
    const invocations = use.invocations / shared;
    const ownCalls = use.invocations === 0 ? 0 : calls((action) => !POLLS.includes(action)) / use.invocations;
    // The calls of a batch are made side by side.
    const ms = ASSUMED.ownMs + ASSUMED.ownPerMessageMs * (shared - 1) + ownCalls * ASSUMED.callMs + (waits[name] ?? 0);
    add('functions', invocations * PRICES.lambdaRequestsPerMillion);
    add('function time', invocations * (ms / 1000) * ((memory.get(name) ?? 512) / 1024) * PRICES.lambdaGbSecond * 1e6);
    add('table writes', use.writeUnits * PRICES.writeUnitsPerMillion);
    add('table reads', use.readUnits * PRICES.readUnitsPerMillion);
    const polls = calls((action) => POLLS.includes(action)) / shared;
    const sends = calls((action) => action === 'sqs:SendMessage' || action === 'sqs:SendMessageBatch');
    add('queues', (polls + sends) * PRICES.sqsRequestsPerMillion + sends * PRICES.sqsFairPerMillion);
    add('logs', logs(use.logBytes + invocations * ASSUMED.platformLogBytes));
    add('traces', invocations * ASSUMED.traced * PRICES.tracesPerMillion);
  }
  if (requests > 0) add('logs', logs(requests * ASSUMED.accessLogBytes));
  return parts;
}

/** Dollars for a million times so many bytes. */
const logs = (bytes: number): number => (bytes * 1e6 * PRICES.logsPerGb) / 1e9;

const WAITS = { 'send-otp': ASSUMED.metaMs, 'deliver-event': ASSUMED.endpointMs, 'retry-event': ASSUMED.endpointMs };

/** Each figure of architecture §9, with its goal. `alone`: one at a time, the dearest; `loaded`: in batches. */
export function figures(profile: Profile, memory: Memory) {
  const of = (scenario: Scenario, requests: number) => ({
    alone: perMillion(scenario, memory, { batch: 1, waits: WAITS, requests }),
    loaded: perMillion(scenario, memory, { batch: ASSUMED.batch, waits: WAITS, requests }),
  });
  const ladder = of(profile.ladder, 0);
  for (const parts of Object.values(ladder)) {
    parts.transitions = profile.ladderTransitions * PRICES.transitionsPerMillion;
  }
  const send = of(profile.send, 1);
  for (const parts of Object.values(send)) {
    const share = 1 / ASSUMED.requestsPerAuthorization;
    parts.functions = (parts.functions ?? 0) + share * PRICES.lambdaRequestsPerMillion;
  }
  return [
    { name: 'OTP sends with a key', goal: 10, ...send },
    { name: 'status events', goal: 8, ...of(profile.status, 1) },
    { name: 'received messages', goal: 8, ...of(profile.received, 1) },
    { name: 'whole ladders, beyond the event', goal: 450, ...ladder },
    ...(profile.held
      ? [{ name: 'events held and released, beyond taking them in', goal: 3, ...of(profile.held, 0) }]
      : []),
  ];
}
export type CostFigure = ReturnType<typeof figures>[number];
