import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { Budget, SendModel } from './send-model.ts';

jest.setTimeout(process.env.MODEL === 'long' ? 7_200_000 : 120_000);

// Read when the modules load: a million lines of log would be most of the test.
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
process.env.POWERTOOLS_METRICS_DISABLED = 'true';
process.env.POWERTOOLS_DEV = 'false';
let sendModel: typeof import('./send-model.ts').sendModel;
let JUMP_MS: number;
beforeAll(async () => {
  ({ sendModel, JUMP_MS } = await import('./send-model.ts'));
});

const DAY_MS = 24 * 60 * 60 * 1000;
const DAYS_9_MS = 9 * DAY_MS;
/** `MODEL=long npm run jest -- test/integration/sending -t "<one of them>"`: a minute each with one request, half an hour and more with two. */
const LONG: [string, string[], Budget][] =
  process.env.MODEL === 'long'
    ? [
        ['one request, an answer lost and time passing', ['a'], { crash: 0, lost: 1, fail: 0, jump: 1 }],
        ['one request, a trouble of each kind', ['a'], { crash: 1, lost: 1, fail: 1, jump: 1 }],
        ['two requests, an answer lost', ['a', 'b'], { crash: 0, lost: 1, fail: 0, jump: 0 }],
        ['two requests, time passing', ['a', 'b'], { crash: 0, lost: 0, fail: 0, jump: 1 }],
        ['two requests, a death and time passing', ['a', 'b'], { crash: 1, lost: 0, fail: 0, jump: 1 }],
        ['two requests, an answer lost and time passing', ['a', 'b'], { crash: 0, lost: 1, fail: 0, jump: 1 }],
        ['two requests, a failing database and time passing', ['a', 'b'], { crash: 0, lost: 0, fail: 1, jump: 1 }],
      ]
    : [];
const isFinal = ({ code, status }: { code: string; status: number }) => code === 'answer' && status !== 202;

/** What has to hold at the end of every path, whatever happened on it. */
async function judge(model: SendModel, path: readonly string[]): Promise<void> {
  const because = () =>
    `\n${path.join('\n')}\n${JSON.stringify({ answers: model.answers, calls: model.calls }, null, 1)}`;
  const must = (holds: boolean, what: string) => {
    if (!holds) throw new Error(`${what}, on the path:${because()}`);
  };
  const sent = model.calls.length;
  must(sent <= 1, 'Meta was called twice for one key');
  const finals = model.answers.filter(isFinal);
  must(new Set(finals.map(({ body }) => body)).size <= 1, 'the answer replayed is not the first one');

  // All are over; time passes, and the sweeper comes. Meta's webhook has come on the path, or comes now.
  model.pass(JUMP_MS);
  await model.settle('sweeper');
  for (const [index] of model.calls.entries()) await model.settle(`webhook${index + 1}`);

  const later = await model.retry('later');
  must(later.code === 'answer', `a dead end: ${later.code}`);
  const first = finals[0];
  // When the result could not be saved, the caller has it all the same, and the key may not (contract §5).
  const wasUnsaved = path.some((label) => label.endsWith(' fails'));
  const isSame = first === undefined || later.body === first.body;
  must(isSame || (wasUnsaved && !isFinal(later)), 'the answer replayed later is not the first one');
  const isTaken = model.calls.some(({ wasTaken }) => wasTaken);
  if (isTaken) must(later.status === 200, 'Meta told, and the key does not know');
  must(model.calls.length <= 1, 'the retry was a second message');
  must(model.calls.length === 1 || later.status === 202, 'nothing was sent and nothing is going to be');
  const wasInDoubt = [...model.answers, later].some(({ code, status }) => code === 'answer' && status === 202);
  // The sweeper looks at each moment twice: a day later, too, for what began long after its id was made.
  await model.sweepAgain(DAY_MS);
  // A message that was taken back, and sent anew by the retry, is another one.
  const isOfDoubt = model.items().some((item) => item.outcomeUnknownAt !== undefined);
  if (isTaken && wasInDoubt && isOfDoubt) {
    must(model.events.has('message.reconciled'), 'the tenant was told 202 and then nothing');
  }
  const wasSilent = model
    .items()
    .some((item) => item.senderId !== undefined && item.messageId === model.calls[0]?.messageId);
  if (isTaken && wasSilent)
    must(model.events.has('message.reconciled'), 'a send whose function died was never told of');

  // In doubt, the key is kept until Meta repeats its webhooks no more: never sent again by us (contract §5).
  if (later.status === 202) {
    model.pass(6 * DAY_MS);
    must((await model.retry('days later')).status === 202, 'an unknown was forgotten before its eight days');
  }

  model.pass(DAYS_9_MS);
  const fresh = await model.retry('fresh');
  must(fresh.status === 200 && fresh.body !== later.body, 'the key is not free after its time');
}

/** Every order of everything, up to the budget: depth first, states seen before are not gone through again. */
async function explore(workers: string[], budget: Budget) {
  const seen = new Set<string>();
  let paths = 0;
  let steps = 0;
  const open: number[][] = [[]];
  for (let prefix = open.pop(); prefix; prefix = open.pop()) {
    const model = sendModel(workers, budget);
    await new Promise(setImmediate);
    const labels: string[] = [];
    const chosen: number[] = [];
    for (;;) {
      const isNew = chosen.length >= prefix.length;
      if (isNew) {
        const state = model.state();
        if (seen.has(state)) break;
        seen.add(state);
      }
      const actions = model.actions();
      if (model.isDone()) {
        paths += 1;
        await judge(model, labels);
        break;
      }
      const choice = isNew ? 0 : prefix[chosen.length]!;
      if (isNew) for (let other = 1; other < actions.length; other++) open.push([...chosen, other]);
      const action = actions[choice]!;
      labels.push(action.label);
      chosen.push(choice);
      steps += 1;
      await model.take(action);
    }
  }
  return { states: seen.size, paths, steps };
}

describe('every order of', () => {
  test.each<[string, string[], Budget]>([
    ['two requests, without trouble', ['a', 'b'], { crash: 0, lost: 0, fail: 0, jump: 0 }],
    ['one request, a death and time passing', ['a'], { crash: 1, lost: 0, fail: 0, jump: 1 }],
    ['one request, a failing database and a death', ['a'], { crash: 1, lost: 0, fail: 1, jump: 0 }],
    ['two requests, a death', ['a', 'b'], { crash: 1, lost: 0, fail: 0, jump: 0 }],
    ...LONG,
  ])('%s', async (name, workers, budget) => {
    const began = performance.now();
    const counted = await explore(workers, budget);
    console.log(`${name}: ${JSON.stringify(counted)} in ${Math.round(performance.now() - began)} ms`);
    expect(counted.paths).toBeGreaterThan(2);
  });
});

/** Paths that once went wrong and are too long for the short form of the above. */
test.each([
  [
    'an owner that wakes when another has taken its message back and is about to free the key',
    [
      ...['a starts', 'time passes', 'b starts', 'sweeper starts', 'a Put', 'b Put', 'sweeper Get', 'sweeper Put'],
      ...['b BatchGet', 'b Update', 'b Put', 'b cannot connect', 'b Delete', 'a Put', 'b Update', "Meta takes a's"],
      ...['webhook1 comes', 'Meta answers a', 'webhook1 BatchGet', 'a Update', 'webhook1 Update'],
    ],
  ],
])('%s', async (_what, path) => {
  const model = sendModel(['a', 'b'], { crash: 0, lost: 0, fail: 0, jump: 1 });
  await new Promise(setImmediate);
  for (const wanted of path) {
    const action = model.actions().find(({ label }) => label === wanted);
    if (!action) throw new Error(`${wanted} cannot happen: ${model.actions().map(({ label }) => label)}`);
    await model.take(action);
  }
  await judge(model, path);
});

/** Three requests and all troubles at once are too many orders to go through: some hundred of them, drawn at random. */
test('random orders of three requests, with every trouble', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 1000 }), { minLength: 60, maxLength: 60 }), async (choices) => {
      const model = sendModel(['a', 'b', 'c'], { crash: 2, lost: 2, fail: 2, jump: 2 }, { isThorough: true });
      await new Promise(setImmediate);
      const labels: string[] = [];
      for (const [index, choice] of choices.entries()) {
        if (model.isDone()) break;
        const actions = model.actions();
        // The usual move is the first of each actor's: troubles must not be all there is.
        const usual = actions.filter(({ cost }) => cost === undefined);
        const from = usual.length > 0 && choice % 3 !== 0 ? usual : actions;
        const action = from[(choice + index) % from.length];
        if (!action) break;
        labels.push(action.label);
        await model.take(action);
      }
      while (!model.isDone()) {
        const [action] = model.actions().filter(({ cost }) => cost === undefined);
        if (!action) break;
        labels.push(action.label);
        await model.take(action);
      }
      await judge(model, labels);
    }),
    { numRuns: process.env.MODEL === 'long' ? 50_000 : 250 },
  );
});
