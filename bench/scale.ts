import { stageConfig } from '../infra/config.ts';
import { RETRY_DELAYS_SECONDS } from '../shared/webhooks/retry-schedule.ts';
import { seeded } from '../test/soak/virtual-world.ts';

const { delivery } = stageConfig('prod');
const STEP_MS = 50;
const TENANTS = 10_000;
const DEAD_PER_SECOND = 500;
const OTHERS_PER_SECOND = 4500;
/** Of the tenants so many never answer, and of the others' events so many fail at first. Assumed. */
const SMALL_DEAD = 50;
const FAIL_SHARE = 0.002;
const BATCH = 10;
/** Lambda's guide, "Using Lambda with Amazon SQS", scaling: five batches at first, up to 300 more a minute. */
const POLLERS_AT_FIRST = 5;
const POLLERS_A_MINUTE = 300;
/** Step Functions' guide, "Quotas", StartExecution of standard workflows, and open executions of an account. */
export const STARTS_A_SECOND = 300;
export const OPEN_EXECUTIONS = 1_000_000;
const STORES_MS = 20;
/** An endpoint that hangs is known to the lane after 2 s, and to all of its containers 2 s later. */
const KNOWN_AFTER_MS = 4000;
const HANG_HOLDS_MS = 2000;
const TIMEOUT_MS = 15_000;
/** One that hangs fails as often as the slow lane calls it: too seldom for the first window of 5 min, the next one opens. */
const OPENS_AFTER_MS = 300_000;
const PROBE_EVERY_MS = 300_000;

const MINUTE = 60_000;
const [DEAD_FROM, HEALS_AT, END] = [4 * MINUTE, 19 * MINUTE, 34 * MINUTE];

/**
 * 10,000 tenants and 5,000 events a second from a cold start; one tenant with a tenth of them hangs for a quarter of an
 * hour and comes back. Discrete steps over the quotas AWS publishes and the numbers of infra/config.ts; endpoints answer
 * in 60 ms (median, lognormal). A first-in-first-out queue, so worse than SQS's fair one.
 */
export function scale(seed: number) {
  const random = seeded(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const answerMs = () => 60 * Math.exp(0.7 * normal());
  const poisson = (mean: number) => Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));

  const waiting: { at: number; healthy: number; dead: number }[] = [];
  let backlog = 0;
  const busyUntil: number[] = [];
  const waits = { ramp: [] as number[], well: [] as number[], ill: [] as number[], flood: [] as number[] };
  const ladderEnds: number[] = [];
  const [slowPerSecond, opensAt] = [
    (delivery.slowConcurrency * delivery.inFlightPerContainer.slow) / (TIMEOUT_MS / 1000),
    DEAD_FROM + OPENS_AFTER_MS,
  ];
  const closesAt = opensAt + Math.ceil((HEALS_AT - opensAt) / PROBE_EVERY_MS) * PROBE_EVERY_MS;
  const figures = { peakOpen: 0, peakStarts: 0, peakSlots: 0, caughtUpAt: 0, held: 0, peakBacklog: 0 };
  let [deadLadders, starts, failures] = [0, 0, 0];

  const ladderMs = (isDead: boolean): number => {
    let ms = 0;
    for (const rung of RETRY_DELAYS_SECONDS) {
      ms += rung * 1000 * (1 + 0.2 * random());
      if (!isDead && random() < 0.7) break;
    }
    return ms;
  };
  const startLadder = (now: number, isDead: boolean): void => {
    starts += 1;
    ladderEnds.push(now + ladderMs(isDead));
  };
  /** How long a batch holds its slot. */
  const batchMs = (healthy: number, dead: number, now: number): number => {
    let ms = 0;
    for (let index = 0; index < healthy; index += 1) ms = Math.max(ms, answerMs());
    if (dead > 0 && now >= DEAD_FROM && now < DEAD_FROM + KNOWN_AFTER_MS) ms = Math.max(ms, HANG_HOLDS_MS);
    return ms + STORES_MS;
  };
  const phase = (now: number) =>
    now < 2 * MINUTE ? waits.ramp : now < DEAD_FROM ? waits.well : now < closesAt ? waits.ill : waits.flood;
  const take = (now: number): void => {
    let [healthy, dead] = [0, 0];
    while (healthy + dead < BATCH && waiting[0]) {
      const first = waiting[0];
      // In any order among those of the same moment: most batches have one of the dead tenant's.
      if (random() * (first.healthy + first.dead) < first.dead) {
        first.dead -= 1;
        dead += 1;
      } else {
        first.healthy -= 1;
        healthy += 1;
        phase(first.at).push(now - first.at);
      }
      if (first.healthy + first.dead === 0) waiting.shift();
    }
    backlog -= healthy + dead;
    for (let index = 0; index < healthy; index += 1) if (random() < FAIL_SHARE) startLadder(now, false);
    if (now >= opensAt && now < closesAt) figures.held += dead;
    busyUntil.push(now + batchMs(healthy, dead, now));
  };

  for (let tenant = 0; tenant < SMALL_DEAD; tenant += 1)
    for (let failed = 0; failed < 10; failed += 1) ladderEnds.push(ladderMs(true)); // theirs began before
  for (let now = 0; now < END; now += STEP_MS) {
    if (now % 1000 === 0) {
      figures.peakStarts = Math.max(figures.peakStarts, starts);
      starts = 0;
      // What the slow lane gets done of the dead one begins ladders, until they are as many as they may be or it opens.
      if (now >= DEAD_FROM + TIMEOUT_MS && now < opensAt)
        for (failures += slowPerSecond; failures >= 1; failures -= 1) {
          if (deadLadders < delivery.laddersPerEndpoint) {
            deadLadders += 1;
            startLadder(now, true);
          } else figures.held += 1;
        }
      const alive = ladderEnds.filter((end) => end > now);
      ladderEnds.splice(0, ladderEnds.length, ...alive);
      figures.peakOpen = Math.max(figures.peakOpen, alive.length + SMALL_DEAD + 1);
    }
    const perStep = STEP_MS / 1000;
    const arrived = {
      at: now,
      healthy: poisson(OTHERS_PER_SECOND * perStep),
      dead: poisson(DEAD_PER_SECOND * perStep),
    };
    waiting.push(arrived);
    backlog += arrived.healthy + arrived.dead;
    figures.peakBacklog = Math.max(figures.peakBacklog, backlog);
    const stillBusy = busyUntil.filter((until) => until > now);
    busyUntil.splice(0, busyUntil.length, ...stillBusy);
    const slots = Math.min(delivery.fastConcurrency, POLLERS_AT_FIRST + (now / MINUTE) * POLLERS_A_MINUTE);
    while (backlog > 0 && busyUntil.length < slots) take(now);
    figures.peakSlots = Math.max(figures.peakSlots, busyUntil.length);
    if (backlog > 10 * BATCH && now < DEAD_FROM) figures.caughtUpAt = now;
  }
  const releasePerSecond = delivery.eventsPerSecond / 2;
  return { ...figures, waits, releaseHours: figures.held / releasePerSecond / 3600, tenants: TENANTS };
}
