/** A white JPEG, a PNG dot, … : the smallest files that are what they say, or near enough for a receiver. */
const JPEG =
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=';
const WEBP = 'UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA';
const bytesOf = (text: string) => Buffer.from(text).toString('base64');

/** What each kind of inbound message looks like when `POST /_inbound` says nothing more (meta-cloud-api §5.3). */
export const SAMPLES: Readonly<Record<string, object>> = {
  text: { body: 'Hi there' },
  image: { mime_type: 'image/jpeg', data_base64: JPEG },
  video: { mime_type: 'video/mp4', data_base64: bytesOf('\u0000\u0000\u0000\u0018ftypmp42') },
  audio: { mime_type: 'audio/mpeg', data_base64: bytesOf('ID3'), voice: false },
  voice: { mime_type: 'audio/ogg; codecs=opus', data_base64: bytesOf('OggS'), voice: true },
  document: { mime_type: 'application/pdf', data_base64: bytesOf('%PDF-1.4\n%%EOF\n'), filename: 'receipt.pdf' },
  sticker: { mime_type: 'image/webp', data_base64: WEBP, animated: false },
  location: { latitude: 37.44, longitude: -122.16, name: 'HQ', address: '1 Main St' },
  contacts: [
    {
      name: { formatted_name: 'Test User', first_name: 'Test' },
      phones: [{ phone: '+1 555-010-1111', wa_id: '15550101111', type: 'CELL' }],
      origin: 'other',
      vcard: 'BEGIN:VCARD\nVERSION:3.0\nFN:Test User\nEND:VCARD',
    },
  ],
  reaction: { message_id: 'wamid.UNKNOWN', emoji: '👍' },
  button: { payload: 'YES-42', text: 'Yes' },
  button_reply: { type: 'button_reply', button_reply: { id: 'b1', title: 'Yes' } },
  interactive: { type: 'button_reply', button_reply: { id: 'b1', title: 'Yes' } },
  list_reply: { type: 'list_reply', list_reply: { id: 'r1', title: 'Row', description: 'First row' } },
  nfm_reply: {
    type: 'nfm_reply',
    nfm_reply: { name: 'flow', body: 'Sent', response_json: '{"flow_token":"token-1"}' },
  },
  call_permission_reply: {
    type: 'call_permission_reply',
    call_permission_reply: { response: 'accept', is_permanent: false, response_source: 'user_action' },
  },
  order: {
    catalog_id: '1',
    text: '',
    product_items: [{ product_retailer_id: 'sku', quantity: 2, item_price: 30, currency: 'USD' }],
  },
  system: {
    body: 'User A changed from 15550109999 to 15550102222',
    wa_id: '15550102222',
    type: 'user_changed_number',
  },
  unsupported: { type: 'poll_creation' },
  edit: { original_message_id: 'wamid.UNKNOWN', message: { type: 'text', text: { body: 'new' } } },
  revoke: { original_message_id: 'wamid.UNKNOWN' },
};
