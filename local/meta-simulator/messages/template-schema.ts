import * as z from 'zod';
import { coordinate, mediaRef, text } from './parts.ts';

const parameterName = z
  .string()
  .regex(/^[a-z0-9_]+$/)
  .optional();

const textParameter = z.strictObject({
  type: z.literal('text'),
  text: z
    .string()
    .min(1)
    .max(32_768)
    // Meta's error 132018; it does not apply to free text messages.
    .refine((value) => !/[\n\r\t]| {5,}/.test(value), {
      message: 'Param text cannot have new-line/tab characters or more than 4 consecutive spaces',
      params: { graphCode: 132018 },
    }),
  parameter_name: parameterName,
});

const media = { filename: text(240).optional() };

const headerParameter = z.discriminatedUnion('type', [
  textParameter,
  z.strictObject({ type: z.literal('image'), image: mediaRef({}) }),
  z.strictObject({ type: z.literal('video'), video: mediaRef({}) }),
  z.strictObject({ type: z.literal('document'), document: mediaRef(media) }),
  z.strictObject({
    type: z.literal('location'),
    location: z.strictObject({
      latitude: coordinate(90),
      longitude: coordinate(180),
      name: z.string().optional(),
      address: z.string().optional(),
    }),
  }),
]);

const bodyParameter = z.discriminatedUnion('type', [
  textParameter,
  z.strictObject({
    type: z.literal('currency'),
    currency: z.strictObject({ fallback_value: text(1024), code: z.string().length(3), amount_1000: z.int() }),
    parameter_name: parameterName,
  }),
  z.strictObject({
    type: z.literal('date_time'),
    date_time: z.strictObject({ fallback_value: text(1024) }),
    parameter_name: parameterName,
  }),
]);

/** Meta's samples have `"0"` and `0`. */
const index = z.union([z.string().regex(/^\d$/), z.int().min(0).max(9)]).transform(Number);

const button = { type: z.literal('button'), index };

const buttonComponent = z.discriminatedUnion('sub_type', [
  z.strictObject({
    ...button,
    sub_type: z.literal('quick_reply'),
    parameters: z.array(z.strictObject({ type: z.literal('payload'), payload: text(256) })).length(1),
  }),
  z.strictObject({
    ...button,
    sub_type: z.literal('url'),
    parameters: z.array(z.strictObject({ type: z.literal('text'), text: text(2000) })).length(1),
  }),
  z.strictObject({
    ...button,
    sub_type: z.literal('copy_code'),
    parameters: z.array(z.strictObject({ type: z.literal('coupon_code'), coupon_code: text(20) })).length(1),
  }),
]);

const component = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('header'), parameters: z.array(headerParameter).max(1) }),
  z.strictObject({ type: z.literal('body'), parameters: z.array(bodyParameter) }),
  buttonComponent,
]);

/** `template` of a template message: its own form. Whether it fits the template is for `template-check.ts`. */
export const TemplateContent = z.strictObject({
  name: z.string().min(1).max(512),
  language: z.strictObject({ code: z.string().min(1), policy: z.literal('deterministic').optional() }),
  components: z.array(component).optional(),
});

export type TemplateContent = z.infer<typeof TemplateContent>;
export type TemplateComponent = z.infer<typeof component>;
export type BodyParameter = z.infer<typeof bodyParameter>;
