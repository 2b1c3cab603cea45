import fc from 'fast-check';
import * as z from 'zod';
import { deterministicId, ID_PATTERN } from '../../../shared/ids.ts';
import { parseLossless } from '../../../shared/meta/lossless-json.ts';
import { connectionOf } from '../in-memory-recorder.ts';
import { metaExampleBytes } from '../meta-examples.ts';
import { CONNECTIONS, elementsOf, FACTS_TAKE_SECONDS, type Fact, frameOf, type Sent, START } from './fact.ts';

const Example = z.object({
  entry: z.array(
    z.object({
      id: z.string(),
      time: z.number().optional(),
      changes: z.array(z.object({ field: z.string(), value: z.record(z.string(), z.unknown()) })),
    }),
  ),
});
const OurStatus = z.object({ id: z.string(), biz_opaque_callback_data: z.string().regex(ID_PATTERN.message) });

/** Few, so that examples meet: on one call, one message, one person, one template. */
const OCCASIONS = 20;
const PEOPLE = 4;
const NUMBERS = [...CONNECTIONS, connectionOf('nobody', '300000000000009', '200000000000009')];

/** Which of the numbers stands for the example's first, and which of its occasions this is. */
type Occasion = { first: number; occasion: number };

/** A shape of Meta's, by the name of its example, told of one of the brands, with ids, people and times of its own. */
export const exampleFacts = (name: string, to: 'brands' | 'brands and nobody'): fc.Arbitrary<Fact[]> => {
  const text = metaExampleBytes(name).toString('utf8');
  const first = fc.nat(to === 'brands' ? CONNECTIONS.length - 1 : NUMBERS.length - 1);
  return fc.record({ first, occasion: fc.nat(OCCASIONS - 1) }).map((when) => factsIn(fresh(text, when), when));
};

/** Works on the text, for ids stand in places that only the shape knows; what an occasion gives depends on nothing else. */
function fresh(text: string, { first, occasion }: Occasion): string {
  const person = occasion % PEOPLE;
  const seconds = (occasion * FACTS_TAKE_SECONDS) / OCCASIONS;
  // A message of another app's is never one of ours, or who came first would decide whether its status is told.
  const sender = text.includes('"msg_') ? 'ours' : 'others';
  return text
    .replaceAll(/\b([23])0{13}(\d)\b/g, (_, kind: string, index: string) => {
      const number = NUMBERS[(first + Number(index) - 1) % NUMBERS.length];
      return (kind === '2' ? number?.wabaId : number?.phoneNumberId) ?? '';
    })
    .replaceAll(/\b(wamid|wacid)\.\w+/g, (id) => `${id}-${sender}-${first}-${occasion}`)
    .replaceAll(/\bmsg_\w{26}/g, (id) => deterministicId('msg', START * 1000, [id, String(first), String(occasion)]))
    .replaceAll(/\b1760\d{6}\b/g, (time) => String(Number(time) + seconds))
    .replaceAll(/\b1555010([12]\d{3})\b/g, (_, rest: string) => `1555${100 + person}${rest}`)
    .replaceAll(/\bUS\.(\d+)/g, (_, id: string) => `US.${person}${id}`)
    .replaceAll(/\b[78]0+1\b/g, (id) => String(BigInt(id) + BigInt(occasion)));
}

function factsIn(text: string, when: Occasion): Fact[] {
  return Example.parse(parseLossless(text)).entry.flatMap(({ id: wabaId, time, changes }) =>
    changes.flatMap(({ field, value }) =>
      apart(value).map((part) => ({ wabaId, time, field, value: part, sent: sentOf(part, when) })),
    ),
  );
}

function apart(value: Record<string, unknown>): Record<string, unknown>[] {
  const elements = elementsOf(value);
  if (elements.length < 2) return [value];
  return elements.map(([list, element]) => ({ ...frameOf(value), [list]: [element] }));
}

/** Every other message is there when its status comes; the writers of the rest died before they could write. */
function sentOf(value: Record<string, unknown>, { first, occasion }: Occasion): Sent[] {
  const brandId = NUMBERS[first]?.brandId ?? '';
  return elementsOf(value).flatMap(([list, element]) => {
    const ours = list === 'statuses' ? OurStatus.safeParse(element).data : undefined;
    if (!ours || occasion % 2 === 1) return [];
    const { id: wamid, biz_opaque_callback_data: messageId } = ours;
    return [{ brandId, wamid, messageId, isUnresolved: occasion % 4 === 0 }];
  });
}
