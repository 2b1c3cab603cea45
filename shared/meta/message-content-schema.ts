import * as z from 'zod';
import { flag, lenient, list, Numeric, number, OpaqueId, text } from './webhook-schema.ts';

// What stands under the key of a message's type: meta-cloud-api §5.3. Only what a type is nothing without is required.

export const Text = z.object({ body: z.string() });

export const Media = z.object({
  id: OpaqueId,
  mime_type: text,
  sha256: text,
  file_size: number,
  caption: text,
  filename: text,
  voice: flag,
  animated: flag,
});

export const Location = z.object({ latitude: Numeric, longitude: Numeric, name: text, address: text, url: text });

export const SharedContact = z.object({
  name: lenient(
    z.object({
      formatted_name: text,
      first_name: text,
      last_name: text,
      middle_name: text,
      prefix: text,
      suffix: text,
    }),
  ),
  phones: list,
  emails: list,
  addresses: list,
  urls: list,
  org: lenient(z.object({ company: text, department: text, title: text })),
  birthday: text,
  origin: text,
  vcard: text,
});
export const ContactPhone = z.object({ phone: text, wa_id: text, user_id: text, type: text });
export const ContactEmail = z.object({ email: z.string(), type: text });
export const ContactUrl = z.object({ url: z.string(), type: text });
export const ContactAddress = z.object({
  street: text,
  city: text,
  state: text,
  zip: text,
  country: text,
  country_code: text,
  type: text,
});

/** `emoji` is empty or absent when a reaction is taken back. */
export const Reaction = z.object({ message_id: OpaqueId, emoji: text });

/** What a template's quick-reply button sends. */
export const Button = z.object({ payload: text, text });

export const Interactive = z.discriminatedUnion('type', [
  z.object({ type: z.literal('button_reply'), button_reply: z.object({ id: z.string(), title: text }) }),
  z.object({ type: z.literal('list_reply'), list_reply: z.object({ id: z.string(), title: text, description: text }) }),
  z.object({ type: z.literal('nfm_reply'), nfm_reply: z.object({ name: text, body: text, response_json: text }) }),
  z.object({
    type: z.literal('call_permission_reply'),
    call_permission_reply: z.object({
      response: z.string(),
      is_permanent: flag,
      expiration_timestamp: number,
      response_source: text,
    }),
  }),
]);

export const Order = z.object({ catalog_id: text, text, product_items: list });
export const OrderItem = z.object({
  product_retailer_id: z.string(),
  quantity: number,
  item_price: number,
  currency: text,
});

/** `wa_id` and `user_id` are the new ones; the message is from the old. */
export const System = z.object({
  type: z.string(),
  body: text,
  wa_id: text,
  user_id: text,
  /** In older versions, where `wa_id` was the old number. */
  new_wa_id: text,
});

export const Unsupported = z.object({ type: text });

export const Edit = z.object({ original_message_id: OpaqueId, message: z.looseObject({ type: z.string().min(1) }) });
export const Revoke = z.object({ original_message_id: OpaqueId });
