import { type CostFigure, type CostFigures, total } from './model.ts';

const isMissed = ({ goal, loaded }: CostFigure): boolean => goal !== null && total(loaded) > goal;
const dollars = (value = 0): string => `$${value.toFixed(2)}`;

/** Why a goal is missed, and what it would take. */
const WHY: Partial<Record<keyof CostFigures, (of: CostFigure) => string>> = {
  ladder: ({ loaded }) =>
    `**Whole ladders.** Step Functions alone is ${dollars(loaded.transitions)} of the 450. ${dollars(loaded.secrets)} are the connection's secret, read again
at each rung further than a minute from the last: measured is one ladder by itself, in which nobody else keeps the cache warm;
beside other events of the tenant it is less. It would take a mark of the secret's version in the connection's row, and a
cache that trusts it for longer than 60 s: a promise to whoever rotates a secret, not given up for tenants whose endpoint
fails. ${dollars(loaded['table writes'])} are writes: the event with all its attempts is 2 KB, so each attempt is two units, and the
endpoint's health one; attempts in items of their own would save about $9 and cost every reader of an event a query. A
ladder is rare by design: the breaker opens after ten failures, and the events of a dead endpoint are held.`,
  held: ({ loaded }) =>
    `**Held events.** ${dollars(loaded['table writes'])} are writes: held, delivered, and what is noted of the endpoint; ${dollars(loaded.secrets)} are its secret, read
once a minute by each container. Both are much for the few hundred events that are measured, and little for the hundreds of
thousands of a real outage: without them the rest is within the goal. The floor is two writes, $1.25, with queues and function time $2.`,
};

/** A section of docs/cost.md, empty when every goal is reached. */
export function missedGoals(all: CostFigures): string {
  const texts = Object.entries(all).flatMap(([key, one]) => {
    if (!isMissed(one)) return [];
    return [WHY[key as keyof CostFigures]?.(one) ?? `**${one.name}.** Nobody has looked into it yet.`];
  });
  return texts.length === 0 ? '' : `## What is missed, and why\n${texts.join('\n\n')}\n\n`;
}
