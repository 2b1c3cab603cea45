import * as z from 'zod';

// How a send names what fills a template: friendly fields, or Meta's own components. meta-cloud-api §2.3.

/** Meta refuses line breaks, tabs and more than four spaces in a row in a variable (132018). */
const variable = z
  .string()
  .min(1)
  .max(1024)
  .regex(/^(?!.* {5})[^\n\r\t]*$/, 'A value has no line breaks, no tabs and at most four spaces in a row.');

const link = z.url({ protocol: /^https?$/ }).max(2000);
const documentName = z
  .string()
  .min(1)
  .max(240)
  .optional()
  .meta({ description: 'Shown to the person.', example: 'invoice.pdf' });
const latitude = z.number().min(-90).max(90).meta({ description: 'Degrees.', example: 37.44 });
const longitude = z.number().min(-180).max(180).meta({ description: 'Degrees.', example: -122.16 });
const placeName = z.string().max(1000).optional().meta({ description: 'Name of the place.', example: 'HQ' });
const address = z.string().max(1000).optional().meta({ description: 'Its address.', example: '1 Main St' });

const LINK_OR_ID = 'Give one of link and media_id.';
const file = {
  link: link
    .optional()
    .meta({ description: 'Public address; WhatsApp fetches it.', example: 'https://shop.example/header.png' }),
  media_id: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'Id of a file uploaded to WhatsApp.', example: '900000000000001' }),
};
const isOne = ({ link: a, media_id: b }: { link?: string | undefined; media_id?: string | undefined }) =>
  (a === undefined) !== (b === undefined);

export const Variables = z
  .union([z.array(variable).max(100), z.record(z.string().max(100), variable)], {
    error:
      'Give a list of texts, or an object of texts by name. Each is 1–1024 characters without line breaks or tabs.',
  })
  .meta({
    description: "The body's variables: a list where they are numbered, an object where they have names.",
    example: ['Ada', 'A-42'],
  });

export const TemplateHeader = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('text'),
      text: variable.max(60).meta({ description: "The header's variable.", example: 'A-42' }),
    }),
    z.strictObject({ type: z.literal('image'), ...file }).refine(isOne, LINK_OR_ID),
    z.strictObject({ type: z.literal('video'), ...file }).refine(isOne, LINK_OR_ID),
    z
      .strictObject({
        type: z.literal('document'),
        ...file,
        filename: documentName,
      })
      .refine(isOne, LINK_OR_ID),
    z.strictObject({ type: z.literal('location'), latitude, longitude, name: placeName, address }),
  ])
  .meta({
    description: "What the header needs: the file of a media header, or a text header's variable.",
    example: { type: 'image', link: 'https://shop.example/header.png' },
  });
export type TemplateHeader = z.output<typeof TemplateHeader>;

export const TemplateButton = z.strictObject({
  index: z
    .number()
    .int()
    .min(0)
    .max(9)
    .meta({ description: "Which of the template's buttons, counted from 0.", example: 0 }),
  value: z.string().min(1).max(2000).meta({
    description: "What the button takes: the end of its URL, a quick reply's payload, or the code to copy.",
    example: 'A-42',
  }),
});
export type TemplateButton = z.output<typeof TemplateButton>;

const mediaRef = <T extends z.ZodRawShape>(extra: T) =>
  z
    .strictObject({ id: file.media_id, link: file.link, ...extra })
    .refine(
      (media) => ('id' in media && media.id !== undefined) !== ('link' in media && media.link !== undefined),
      'Give one of id and link.',
    );
const parameterName = z
  .string()
  .regex(/^[a-z0-9_]+$/)
  .optional()
  .meta({ description: 'Name of the variable, where variables have names.', example: 'first_name' });
const textParameter = z.strictObject({
  type: z.literal('text'),
  text: variable.meta({ description: "The variable's value.", example: 'Ada' }),
  parameter_name: parameterName,
});
const fallback = z.string().min(1).max(1024).meta({ description: 'The text that is shown.', example: '$12.50' });
const index = z
  .union([z.string().regex(/^\d$/), z.number().int().min(0).max(9)])
  .meta({ description: "Which of the template's buttons, counted from 0.", example: 0 });
const button = <T extends ButtonSubType, P extends z.ZodType>(sub_type: T, parameter: P) =>
  z.strictObject({
    type: z.literal('button'),
    sub_type: z.literal(sub_type),
    index,
    parameters: z.array(parameter).length(1),
  });
type ButtonSubType = 'url' | 'quick_reply' | 'copy_code';

const HeaderComponent = z.strictObject({
  type: z.literal('header'),
  parameters: z
    .array(
      z.discriminatedUnion('type', [
        textParameter,
        z.strictObject({ type: z.literal('image'), image: mediaRef({}) }),
        z.strictObject({ type: z.literal('video'), video: mediaRef({}) }),
        z.strictObject({ type: z.literal('document'), document: mediaRef({ filename: documentName }) }),
        z.strictObject({
          type: z.literal('location'),
          location: z.strictObject({ latitude, longitude, name: placeName, address }),
        }),
      ]),
    )
    .max(1),
});
const BodyComponent = z.strictObject({
  type: z.literal('body'),
  parameters: z
    .array(
      z.discriminatedUnion('type', [
        textParameter,
        z.strictObject({
          type: z.literal('currency'),
          currency: z.strictObject({
            fallback_value: fallback,
            code: z.string().length(3).meta({ description: 'Currency, ISO 4217.', example: 'USD' }),
            amount_1000: z.number().int().meta({ description: 'The amount times 1,000.', example: 12500 }),
          }),
          parameter_name: parameterName,
        }),
        z.strictObject({
          type: z.literal('date_time'),
          date_time: z.strictObject({ fallback_value: fallback }),
          parameter_name: parameterName,
        }),
      ]),
    )
    .max(100),
});
const ButtonComponent = z.discriminatedUnion('sub_type', [
  button(
    'url',
    z.strictObject({
      type: z.literal('text'),
      text: z.string().min(1).max(2000).meta({ description: 'The end of the URL.', example: 'A-42' }),
    }),
  ),
  button(
    'quick_reply',
    z.strictObject({
      type: z.literal('payload'),
      payload: z.string().min(1).max(256).meta({ description: 'Comes back when it is pressed.', example: 'YES-42' }),
    }),
  ),
  button(
    'copy_code',
    z.strictObject({
      type: z.literal('coupon_code'),
      coupon_code: z.string().min(1).max(20).meta({ description: 'The code to copy.', example: '25OFF' }),
    }),
  ),
]);

/** Meta's own components: header, body and buttons. Carousels and limited-time offers are not taken. */
export const Components = z
  .array(z.discriminatedUnion('type', [HeaderComponent, BodyComponent, ButtonComponent]))
  .max(12)
  .meta({
    description: "Meta's own components, instead of variables, header and buttons.",
    example: [
      {
        type: 'body',
        parameters: [
          { type: 'text', text: 'Ada' },
          { type: 'text', text: 'A-42' },
        ],
      },
    ],
  });
export type Components = z.output<typeof Components>;
