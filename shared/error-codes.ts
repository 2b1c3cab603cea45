/**
 * One row per code that clients may see; adding a row is an API change, removing one breaks clients.
 * The gateway's own refusals, the handlers, the API document and the error pages are all made from this table.
 * `fix` speaks to the developer who reads it at night; `retryable`, where it is said, that the same request may work later.
 */
const rows = {
  invalid_request: {
    status: 400,
    title: 'The request is not valid',
    fix: 'Correct the fields named in `errors`; each carries a JSON pointer into the request.',
  },
  invalid_cursor: {
    status: 400,
    title: 'The cursor is not valid',
    fix: 'Pass next_cursor of the page before unchanged, with the same filters, or start again without a cursor.',
  },
  brand_not_bound: {
    status: 400,
    title: 'The API key is not bound to a brand',
    fix: 'Mint a key that is bound to a brand; WhatsApp scopes need one.',
  },
  invalid_api_key: {
    status: 401,
    title: 'The API key is missing or not valid',
    fix: 'Send the full qxs_… secret in the X-API-Key header, and check that the key was not revoked and has not expired.',
  },
  invalid_token: {
    status: 401,
    title: 'The access token is missing or not valid',
    fix: 'Sign in again, and send the access token as Authorization: Bearer ….',
  },
  invalid_signature: {
    status: 401,
    title: 'The signature does not match',
    fix: "Sign the raw body with the app secret and send it as X-Hub-Signature-256, as Meta's webhooks do.",
  },
  insufficient_scope: {
    status: 403,
    title: 'The API key does not have the required scope',
    fix: 'Extend the key with the scope of this endpoint in the dashboard, or use a key that has it.',
  },
  insufficient_role: {
    status: 403,
    title: 'Your role does not include this',
    fix: 'Ask an owner of your organisation to do it, or to give you the role for it.',
  },
  forbidden: {
    status: 403,
    title: 'The request was refused',
    fix: 'Check the request against the API reference; if it is right, contact support with the request id.',
  },
  country_not_allowed: {
    status: 403,
    title: 'The API key may not send codes to this country',
    fix: "Add the country to the key's list in the dashboard, or refuse the number before you call.",
  },
  route_not_found: {
    status: 404,
    title: 'There is no such endpoint',
    fix: 'Check method and path against the API reference.',
  },
  brand_not_found: {
    status: 404,
    title: 'There is no such brand',
    fix: 'Take the id from GET /brands.',
  },
  api_key_not_found: {
    status: 404,
    title: 'There is no such API key',
    fix: 'Take the id from GET /api-keys.',
  },
  member_not_found: {
    status: 404,
    title: 'There is no such member',
    fix: 'Take the id from GET /members.',
  },
  connection_not_found: {
    status: 404,
    title: 'The brand has no active WhatsApp connection',
    fix: 'Connect a WhatsApp Business number to the brand in the dashboard, or reconnect the WABA.',
  },
  template_not_found: {
    status: 404,
    title: 'There is no such template in this language',
    fix: 'Check name and language, or call POST /whatsapp/templates/sync to refresh the template cache after Meta approved it.',
  },
  message_not_found: {
    status: 404,
    title: 'There is no such message',
    fix: 'Check the id: one of ours (msg_…) or a wamid, of a message of the brand your key is bound to.',
  },
  media_not_found: {
    status: 404,
    title: 'The message has no file',
    fix: 'Ask for the file of an inbound image, video, audio, voice, document or sticker.',
  },
  media_unavailable: {
    status: 404,
    title: 'The file could not be taken over from WhatsApp',
    fix: 'Ask the person to send it again; `detail` says why it was not taken.',
  },
  media_expired: {
    status: 410,
    title: 'The file is not kept any more',
    fix: 'Fetch files before `media.available_until` of their message, and keep what you need.',
  },
  conversation_not_found: {
    status: 404,
    title: 'There is no such conversation',
    fix: 'Take the id from GET /conversations or from a message of your brand.',
  },
  event_not_found: {
    status: 404,
    title: 'There is no such event',
    fix: 'Take the id from GET /webhooks/events; events are kept for 30 days, and are listed from their first attempt on.',
  },
  recovery_not_found: {
    status: 404,
    title: 'There is no such recovery',
    fix: 'Take the id from the answer of POST /webhooks/recoveries; recoveries are kept for 30 days.',
  },
  template_exists: {
    status: 409,
    title: 'There is a template of this name in this language',
    fix: 'Submit it under another name, or delete the one there is; the name of a deleted approved template is blocked for 30 days.',
  },
  number_taken: {
    status: 409,
    title: 'The number is connected already',
    fix: 'A number has one connection: delete that one first, wherever it is.',
  },
  brand_connected: {
    status: 409,
    title: 'The brand has a WhatsApp number already',
    fix: "Delete the brand's connection first, or connect the number to another brand.",
  },
  connection_changed: {
    status: 409,
    title: 'The connection was changed meanwhile',
    fix: 'Read the connection again, then repeat the request if it still makes sense.',
    retryable: true,
  },
  connection_token_invalid: {
    status: 409,
    title: "WhatsApp no longer takes the connection's access token",
    fix: 'Connect the number again in the dashboard, with a fresh token of a system user; nothing else has to be changed.',
  },
  connection_check_failed: {
    status: 422,
    title: 'The number cannot be connected',
    fix: 'Put right what the failed one of `steps` names, then repeat the request: nothing is left half-made.',
  },
  method_not_allowed: {
    status: 405,
    title: 'The endpoint does not take this method',
    fix: 'Use the method named in the Allow header.',
  },
  api_key_ended: {
    status: 409,
    title: 'The API key has ended',
    fix: 'A key that was revoked or rolled, or has expired, is changed no more: mint another.',
  },
  member_exists: {
    status: 409,
    title: 'The address belongs to a member already',
    fix: 'A person belongs to one organisation: look in your list of members, or use another address.',
  },
  last_owner: {
    status: 409,
    title: 'An organisation keeps at least one owner',
    fix: 'Make somebody else an owner first, and let them sign in once.',
  },
  conflict: {
    status: 409,
    title: 'Somebody else changed it at the same moment',
    fix: 'Read it again and repeat the change if it is still wanted.',
    retryable: true,
    retryAfterSeconds: 1,
  },
  template_not_approved: {
    status: 409,
    title: 'The template is not approved',
    fix: 'Wait for Meta to approve the template (about 1 h for authentication, 24 h for others); template.status_changed tells when.',
  },
  outside_service_window: {
    status: 409,
    title: 'The 24-hour service window is closed',
    fix: 'Send an approved template; free replies are possible for 24 hours after the person last wrote or called.',
  },
  endpoint_disabled: {
    status: 409,
    title: 'The webhook endpoint is disabled',
    fix: 'Repair the endpoint and enable it in the dashboard; then replay the event, or recover all that was held.',
  },
  media_not_ready: {
    status: 409,
    title: 'The file is still being taken over',
    fix: 'Repeat the request after the time in Retry-After.',
    retryable: true,
    retryAfterSeconds: 2,
  },
  idempotency_in_progress: {
    status: 409,
    title: 'The first request with this Idempotency-Key is still running',
    fix: 'Repeat the same request with the same key after the time in Retry-After.',
    retryable: true,
    retryAfterSeconds: 1,
  },
  payload_too_large: {
    status: 413,
    title: 'The request body is too large',
    fix: 'Send at most 64 KiB of JSON.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The request body is not JSON',
    fix: 'Send JSON with the header Content-Type: application/json.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'This Idempotency-Key belongs to another request',
    fix: 'Use a fresh key for a different request; a key stands for one request for 24 hours.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    fix: 'Wait for the time in Retry-After, then repeat the request.',
    retryable: true,
    retryAfterSeconds: 1,
  },
  otp_recipient_limit: {
    status: 429,
    title: 'Too many codes to this recipient',
    fix: 'A person gets at most 5 codes in 10 minutes and 20 in a day; wait for the time in Retry-After, or offer another way to sign in.',
    retryable: true,
    retryAfterSeconds: 60,
  },
  pair_rate_limited: {
    status: 429,
    title: 'Too many messages to this recipient',
    fix: 'WhatsApp takes about one message to the same person every 6 seconds; wait for the time in Retry-After.',
    retryable: true,
    retryAfterSeconds: 6,
  },
  whatsapp_error: {
    status: 502,
    title: 'WhatsApp refused the message',
    fix: "Read whatsapp_error.error: Meta's code and details say what is wrong.",
  },
  whatsapp_unreachable: {
    status: 502,
    title: 'WhatsApp could not be reached',
    fix: 'Nothing was sent. Repeat the request with the same Idempotency-Key.',
    retryable: true,
    retryAfterSeconds: 2,
  },
  unavailable: {
    status: 503,
    title: 'The service is temporarily unavailable',
    fix: 'Repeat the request with the same Idempotency-Key after the time in Retry-After; if it persists, send the request id to support.',
    retryable: true,
    retryAfterSeconds: 2,
  },
} as const;

export type ErrorCode = keyof typeof rows;
export type ErrorRow = { status: number; title: string; fix: string; retryable: boolean; retryAfterSeconds?: number };
export const API_ERRORS = Object.fromEntries(
  Object.entries(rows).map(([code, row]) => [code, { retryable: false, ...row }]),
) as Readonly<Record<ErrorCode, ErrorRow>>;
