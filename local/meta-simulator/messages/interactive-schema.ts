import * as z from 'zod';
import { mediaRef, text, webUrl } from './parts.ts';

const footer = z.strictObject({ text: text(60) }).optional();
const textHeader = z.strictObject({ type: z.literal('text'), text: text(60) });

const anyHeader = z
  .discriminatedUnion('type', [
    textHeader,
    z.strictObject({ type: z.literal('image'), image: mediaRef({}) }),
    z.strictObject({ type: z.literal('video'), video: mediaRef({}) }),
    z.strictObject({ type: z.literal('document'), document: mediaRef({ filename: text(240).optional() }) }),
  ])
  .optional();

const replyButton = z.strictObject({
  type: z.literal('reply'),
  reply: z.strictObject({ id: text(256), title: text(20) }),
});

const row = z.strictObject({ id: text(200), title: text(24), description: z.string().max(72).optional() });

const section = z.strictObject({ title: text(24).optional(), rows: z.array(row).min(1) });

const listAction = z
  .strictObject({ button: text(20), sections: z.array(section).min(1).max(10) })
  .superRefine(({ sections }, context) => {
    const rows = sections.flatMap((each) => each.rows);
    // Ten in total, not in each section.
    if (rows.length > 10) refuse(context, 'Total row count exceed max allowed count: 10');
    if (new Set(rows.map(({ id }) => id)).size < rows.length) refuse(context, 'Row ids must be unique');
    const isTitleMissing = sections.length > 1 && sections.some(({ title }) => title === undefined);
    if (isTitleMissing) refuse(context, 'A title is required for each section when there are several', 131008);
  });

const buttons = z
  .array(replyButton)
  .min(1)
  .max(3)
  .superRefine((all, context) => {
    if (new Set(all.map(({ reply }) => reply.title)).size < all.length) refuse(context, 'Button titles must be unique');
    if (new Set(all.map(({ reply }) => reply.id)).size < all.length) refuse(context, 'Button ids must be unique');
  });

/** The interactive messages a product like ours sends (meta-cloud-api §2.2); the rest are refused with 131051. */
export const InteractiveContent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('button'),
    header: anyHeader,
    body: z.strictObject({ text: text(1024) }),
    footer,
    action: z.strictObject({ buttons }),
  }),
  z.strictObject({
    type: z.literal('list'),
    header: textHeader.optional(),
    body: z.strictObject({ text: text(4096) }),
    footer,
    action: listAction,
  }),
  z.strictObject({
    type: z.literal('cta_url'),
    header: anyHeader,
    body: z.strictObject({ text: text(1024) }),
    footer,
    action: z.strictObject({
      name: z.literal('cta_url'),
      parameters: z.strictObject({ display_text: text(20), url: webUrl }),
    }),
  }),
  z.strictObject({
    type: z.literal('location_request_message'),
    body: z.strictObject({ text: text(1024) }),
    action: z.strictObject({ name: z.literal('send_location') }),
  }),
  z.strictObject({
    type: z.literal('contact_request'),
    body: z.strictObject({ text: text(1024) }),
    action: z.strictObject({ name: z.literal('request_contact_info') }),
  }),
]);

/** Meta knows these, this simulator does not. */
export const UNMODELLED_INTERACTIVE: ReadonlySet<string> = new Set([
  'flow',
  'product',
  'product_list',
  'catalog_message',
  'address_message',
  'call_permission_request',
  'voice_call',
  'carousel',
]);

function refuse(context: z.RefinementCtx, message: string, graphCode = 100): void {
  context.addIssue({ code: 'custom', message, params: { graphCode } });
}
