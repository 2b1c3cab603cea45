import type { Figure } from './figure.ts';

/** us-east-1, on demand, dollars per million: the price lists of API Gateway, Lambda, DynamoDB, SQS, Step Functions. */
const API = 3.5;
const INVOKE = 0.2;
const GB_SECOND = 13.3334;
const WRITE = 0.625;
const READ = 0.125;
/** A request of at most 64 KB, and what a message group of a fair queue adds. */
const SQS = 0.4;
const FAIR = 0.1;
const TRANSITION = 25;

/** Messages to an invocation and to a call of SQS when there is traffic. */
const BATCH = 10;
/** Of a function, GB; and what it takes for one message, seconds. Assumed; the rest is counted. */
const MEMORY_GB = 0.5;
const seconds = (each: number): number => each * MEMORY_GB * GB_SECOND;

/** A message through a queue: sent, then received and deleted with nine others. */
const queued = (sentWith: number): number => (SQS + FAIR) / sentWith + (2 * (SQS + FAIR)) / BATCH;

/** A status of Meta's alone in its webhook, until the tenant has it: counts of bench/RESULTS.md. */
const event =
  API +
  INVOKE +
  seconds(0.01) +
  queued(1) +
  INVOKE / BATCH +
  seconds(0.004) +
  2 * WRITE +
  queued(BATCH) +
  INVOKE / BATCH +
  seconds(0.02);

/** Eight attempts: the first is the event's; then 17 transitions, and for each of seven an invocation, a read, a write. */
const ladder = 17 * TRANSITION + 7 * (INVOKE + seconds(0.05) + READ + WRITE * 2) + 2 * queued(1) + INVOKE;

/** Taken from `deliveries`, written down as held; later found in a page of a hundred, released, read and delivered. */
const held =
  queued(BATCH) + INVOKE / BATCH + seconds(0.004) + WRITE + READ / 4 + queued(BATCH) + INVOKE / 4 + READ + WRITE;

export const dollarFigures = (): Figure[] => [
  { name: '$ per million events', value: event, goal: 8, unit: '' },
  { name: '$ per million whole ladders', value: ladder, goal: 450, unit: '' },
  { name: '$ per million events behind an open breaker', value: held, goal: 3, unit: '' },
];
