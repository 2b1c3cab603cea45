import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EVENT_TYPES } from '../../../shared/events/event-types.ts';
import { logger } from '../../../shared/logger.ts';
import { META_EXAMPLES } from '../../support/meta-examples.ts';
import { exampleFacts } from '../../support/meta-week/example-facts.ts';
import type { Fact } from '../../support/meta-week/fact.ts';
import { modelledFact, told } from '../../support/meta-week/modelled-facts.ts';
import { alone, type Outcome, week } from '../../support/meta-week/week.ts';

// They would tell of every crash we make and of all that is kept.
logger.setLogLevel('SILENT');
process.env.POWERTOOLS_METRICS_DISABLED = 'true';

type Event = Outcome['events'][number];

const sorted = (texts: Iterable<string>): string[] => [...new Set(texts)].sort();
const idsOf = (events: readonly Event[]) => sorted(events.map(({ id }) => id));

/** Whether we know the message another one is about depends on what came before, and is no part of what is compared. */
const textOf = (event: Event): string =>
  JSON.stringify(event, (key, value) =>
    ['reply_to', 'target', 'otp'].includes(key) && value !== null ? value.wa_message_id : value,
  );

/** Lives the facts in two weeks of Meta's. @returns the types of the events they make */
async function expectTheSameInEveryOrder(all: readonly Fact[], seeds: readonly number[]): Promise<string[]> {
  const sent = all.flatMap((fact) => fact.sent);
  const single = await Promise.all(all.map(async (fact) => ({ fact, ...(await alone(fact, sent)) })));
  for (const { fact, events } of single) if (fact.told) expect(events.map(told).sort()).toEqual(sorted(fact.told));
  const expected = single.flatMap(({ events }) => events);
  const texts = new Set(expected.map(textOf));
  const modelled = new Set(single.flatMap(({ fact, events }) => (fact.told ? idsOf(events) : [])));
  for (const seed of seeds) {
    const { events, kept } = await week(all, sent, seed);
    expect(idsOf(events)).toEqual(idsOf(expected));
    expect(events.map(textOf).filter((text) => !texts.has(text))).toEqual([]);
    expect(kept).toEqual(sorted(single.flatMap((one) => one.kept)));
    const distinct = new Map(events.map((event) => [event.id, event]));
    const ofModel = [...distinct.values()].filter(({ id }) => modelled.has(id));
    expect(ofModel.map(told).sort()).toEqual(sorted(all.flatMap((fact) => fact.told ?? [])));
  }
  return expected.map(({ type }) => type);
}

const seeds = fc.tuple(fc.integer(), fc.integer());

test('in every order the same events, each fact once for each of its brands', async () => {
  const shape = fc.constantFrom(...META_EXAMPLES).chain((name) => exampleFacts(name, 'brands and nobody'));
  const one = modelledFact.map((fact) => [fact]);
  const facts = fc.array(fc.oneof(one, shape), { minLength: 1, maxLength: 40 }).map((lists) => lists.flat());
  const property = fc.asyncProperty(facts, seeds, async (all, two) => void (await expectTheSameInEveryOrder(all, two)));
  await fc.assert(property, { numRuns: 80 });
}, 60_000);

/** Nothing of Meta's makes them, or only to a send of which the examples know nothing. */
const NOT_IN_EXAMPLES = ['message.reconciled', 'webhook.test', 'endpoint.disabled', 'endpoint.recovered'];

test('so too in a week with every shape that Meta sends', async () => {
  const shapes = fc.tuple(...META_EXAMPLES.map((name) => exampleFacts(name, 'brands')));
  const facts = fc.tuple(shapes, fc.array(modelledFact, { maxLength: 20 }));
  const property = fc.asyncProperty(facts, seeds, async ([shapes, others], two) => {
    const types = new Set(await expectTheSameInEveryOrder([...shapes.flat(), ...others], two));
    expect(EVENT_TYPES.filter((type) => !types.has(type) && !NOT_IN_EXAMPLES.includes(type))).toEqual([]);
  });
  await fc.assert(property, { numRuns: 8 });
}, 60_000);
