import * as z from 'zod';

// Meta's interactive object, in Meta's words and with Meta's limits: meta-cloud-api §2.2.

const text = (max: number, description: string, example: string) =>
  z.string().min(1).max(max).meta({ description, example });
const link = z.url({ protocol: /^https?$/, error: 'This is not an http or https address.' }).max(2000);

const footer = z.strictObject({ text: text(60, 'Small print.', 'Acme') }).optional();
const body = (max: number) => z.strictObject({ text: text(max, 'The message.', 'When shall we deliver?') });
const textHeader = z.strictObject({ type: z.literal('text'), text: text(60, 'The headline.', 'Your order') });

const file = {
  id: z
    .string()
    .regex(/^\d{1,32}$/)
    .optional()
    .meta({ description: 'Id of a file uploaded to WhatsApp.', example: '900000000000001' }),
  link: link.optional().meta({ description: 'Public address of the file.', example: 'https://shop.example/a.jpg' }),
};
const isOne = (media: { id?: string | undefined; link?: string | undefined }) =>
  (media.id === undefined) !== (media.link === undefined);
const mediaRef = z.strictObject(file).refine(isOne, 'Give one of id and link.');
const filename = text(240, 'Shown to the person.', 'a.pdf').optional();
const documentRef = z.strictObject({ ...file, filename }).refine(isOne, 'Give one of id and link.');
const anyHeader = z
  .discriminatedUnion('type', [
    textHeader,
    z.strictObject({ type: z.literal('image'), image: mediaRef }),
    z.strictObject({ type: z.literal('video'), video: mediaRef }),
    z.strictObject({ type: z.literal('document'), document: documentRef }),
  ])
  .optional();

const isUnique = <T>(values: readonly T[]): boolean => new Set(values).size === values.length;

const button = z.strictObject({
  type: z.literal('reply'),
  reply: z.strictObject({
    id: text(256, 'Comes back when it is pressed.', 'today'),
    title: text(20, 'What is on it.', 'Today'),
  }),
});
const buttons = z
  .array(button)
  .min(1)
  .max(3)
  .refine((all) => isUnique(all.map(({ reply }) => reply.title)), 'Titles of buttons differ.')
  .refine((all) => isUnique(all.map(({ reply }) => reply.id)), 'Ids of buttons differ.');

const row = z.strictObject({
  id: text(200, 'Comes back when it is chosen.', 'slot-1'),
  title: text(24, 'The row.', '9–12 h'),
  description: z.string().max(72).optional().meta({ description: 'Below it.', example: 'Morning' }),
});
const sections = z
  .array(
    z.strictObject({
      title: text(24, 'Headline of the section.', 'Tomorrow').optional(),
      rows: z.array(row).min(1).max(10),
    }),
  )
  .min(1)
  .max(10)
  // Ten in total, not in each section.
  .refine((all) => all.flatMap(({ rows }) => rows).length <= 10, 'A list has at most ten rows in all.')
  .refine((all) => isUnique(all.flatMap(({ rows }) => rows).map(({ id }) => id)), 'Ids of rows differ.')
  .refine((all) => all.length === 1 || all.every(({ title }) => title), 'With several sections each has a title.');

/** The interactive messages we take; flows, products and catalogues are not among them. */
export const Interactive = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('button'),
      header: anyHeader,
      body: body(1024),
      footer,
      action: z.strictObject({ buttons }),
    }),
    z.strictObject({
      type: z.literal('list'),
      header: textHeader.optional(),
      body: body(4096),
      footer,
      action: z.strictObject({ button: text(20, 'Opens the list.', 'Choose'), sections }),
    }),
    z.strictObject({
      type: z.literal('cta_url'),
      header: anyHeader,
      body: body(1024),
      footer,
      action: z.strictObject({
        name: z.literal('cta_url'),
        parameters: z.strictObject({
          display_text: text(20, 'What is on the button.', 'Track'),
          url: link.meta({ description: 'Where it leads.', example: 'https://shop.example/track/A-42' }),
        }),
      }),
    }),
    z.strictObject({
      type: z.literal('location_request_message'),
      body: body(1024),
      action: z.strictObject({ name: z.literal('send_location') }),
    }),
    z.strictObject({
      type: z.literal('contact_request'),
      body: body(1024),
      action: z.strictObject({ name: z.literal('request_contact_info') }),
    }),
  ])
  .meta({
    description: "Meta's interactive object.",
    example: {
      type: 'button',
      body: { text: 'When shall we deliver?' },
      action: { buttons: [{ type: 'reply', reply: { id: 'today', title: 'Today' } }] },
    },
  });
