import { randomUUID } from 'node:crypto';
import type { Now } from '../clock.ts';
import { ApiError } from '../errors.ts';
import type { ApiRequest } from '../http/api-handler.ts';
import type { ApiResponse } from '../http/response.ts';
import { conversationId, newId } from '../ids.ts';
import { logger } from '../logger.ts';
import type { GraphClient, SendOutcome } from '../meta/graph-client.ts';
import { type MetaError, throttleOf, toMessageError } from '../meta/meta-errors.ts';
import { count } from '../metrics.ts';
import { type IdempotencyStore, idempotencyId, type StoredResponse } from '../store/idempotency-store.ts';
import type { Message, MessageStore } from '../store/message-store.ts';
import { requestFingerprint } from './fingerprint.ts';
import { earlierAnswer } from './idempotent-answer.ts';
import { acceptedResponse, refusedResponse, unknownResponse } from './send-response.ts';

/** A message that nothing of ours refuses any more: what Meta gets, and what history keeps of it. */
export type Outgoing = {
  /** E.164 digits, without `+`. */
  to: string;
  type: string;
  template?: { name: string; language: string };
  /** Meta's body but for the recipient and our id, e.g. `{type, template}`. */
  graph: Record<string, unknown>;
  /** What history shows; never the code of an OTP. */
  content: Record<string, unknown>;
  reference: string | null;
  from: { phoneNumberId: string; accessToken: string };
};

type Deps = {
  idempotency: IdempotencyStore;
  messages: MessageStore;
  graph: GraphClient;
  /** Key of the fingerprints. */
  signingKey: () => Promise<string>;
  /** How long a request may be at work after it began, milliseconds; the function's own timeout. */
  ownerLifeMs: number;
  docsUrl: string;
  now: Now;
};

type Draft = Omit<Message, 'brandShard'>;
type Lock = { id: string; ownerId: string; createdAt: number };

/**
 * Sends once: contract §5, drawn in docs/idempotency.md. With an Idempotency-Key its item is the lock, made before
 * Meta is called; without one the message itself is the record.
 *
 * `prepare` makes every refusal that needs no Meta, and writes nothing.
 */
export const onceSender =
  (deps: Deps) =>
  async (request: ApiRequest<unknown>, prepare: () => Promise<Outgoing>): Promise<ApiResponse> => {
    const createdAt = deps.now();
    const fingerprint = requestFingerprint(await deps.signingKey(), request.route, request.body);
    const lock = lockOf(request, createdAt);
    const outgoing = await prepare().catch(async (refusal: unknown) => {
      // The template may have been paused since: the first answer is still the answer.
      const first = lock && refusal instanceof ApiError ? await deps.idempotency.find(lock.id, createdAt) : null;
      if (first) return { answer: await earlierAnswer(deps, first, fingerprint, createdAt) };
      throw refusal;
    });
    if ('answer' in outgoing) return outgoing.answer;

    const draft = draftOf(request, outgoing, newId('msg', createdAt), createdAt, lock);
    if (lock) {
      const ownerUntil = createdAt + deps.ownerLifeMs;
      const first = await deps.idempotency.begin({
        ...lock,
        ownerUntil,
        fingerprint,
        messageId: draft.messageId,
        draft,
      });
      if (first) return earlierAnswer(deps, first, fingerprint, createdAt);
    } else {
      await deps.messages.insert(draft);
    }

    const outcome = await deps.graph.sendMessage(outgoing.from, {
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      // Without the plus Meta may prepend the sender's own country code (meta-cloud-api §7).
      to: `+${outgoing.to}`,
      ...outgoing.graph,
      biz_opaque_callback_data: draft.messageId,
    });
    count('SendOutcome', { outcome: outcome.kind });
    logger.appendKeys({ message_id: draft.messageId, send_outcome: outcome.kind });

    if (isNothingSent(outcome)) {
      await writeDown(() => (lock ? deps.idempotency.release(lock) : deps.messages.remove(draft)));
      throw nothingSent(outcome);
    }
    const { attributes, response } = conclude(outcome, draft, { ...request, docsUrl: deps.docsUrl }, deps.now());
    await writeDown(() => record(deps, { ...draft, ...attributes }, lock, outcome, response));
    return response;
  };

const lockOf = ({ brandId, route, idempotencyKey }: ApiRequest<unknown>, createdAt: number): Lock | null =>
  idempotencyKey === null
    ? null
    : { id: idempotencyId(brandId, route, idempotencyKey), ownerId: randomUUID(), createdAt };

const draftOf = (
  request: ApiRequest<unknown>,
  outgoing: Outgoing,
  messageId: string,
  createdAt: number,
  lock: Lock | null,
): Draft => ({
  messageId,
  createdAt,
  brandId: request.brandId,
  direction: 'outbound',
  type: outgoing.type,
  contact: outgoing.to,
  phoneNumberId: outgoing.from.phoneNumberId,
  template: outgoing.template,
  content: outgoing.content,
  reference: outgoing.reference,
  keyId: request.keyId,
  mode: request.mode,
  idempotencyId: lock?.id,
});

type NothingSent = Extract<SendOutcome, { kind: 'not_sent' }> | { kind: 'refused'; error: MetaError };

/** Meta's throttles come before it does anything: as if we had not called. */
const isNothingSent = (outcome: SendOutcome): outcome is NothingSent =>
  outcome.kind === 'not_sent' || (outcome.kind === 'refused' && throttleOf(outcome.error.code) !== null);

function nothingSent(outcome: NothingSent): ApiError {
  if (outcome.kind === 'not_sent') {
    const { cause } = outcome;
    return new ApiError('whatsapp_unreachable', 'No connection to WhatsApp could be made.', {}, { cause });
  }
  const throttle = throttleOf(outcome.error.code);
  const code = throttle?.scope === 'pair' ? 'pair_rate_limited' : 'rate_limited';
  return new ApiError(code, 'WhatsApp takes no more messages for now. Nothing was sent.', {
    retryAfterSeconds: throttle?.retryAfterSeconds,
    whatsappError: { error: outcome.error },
  });
}

/** What is written into history, and what the caller gets. */
function conclude(
  outcome: Exclude<SendOutcome, { kind: 'not_sent' }>,
  draft: Draft,
  at: { docsUrl: string; instance: string; requestId: string },
  nowMs: number,
): { attributes: Partial<Draft>; response: StoredResponse } {
  // Meta's own number for the person, where it told one: its webhooks will name that one (meta-cloud-api §7).
  const contact = (outcome.kind === 'accepted' && outcome.waId) || (draft.contact ?? '');
  const conversation = { conversationId: conversationId(draft.brandId, contact) };
  switch (outcome.kind) {
    case 'accepted': {
      const attributes = { ...conversation, waMessageId: outcome.waMessageId, acceptedAt: nowMs };
      return { attributes, response: acceptedResponse({ ...draft, ...attributes }) };
    }
    case 'unknown':
      return { attributes: { ...conversation, outcomeUnknownAt: nowMs }, response: unknownResponse(draft) };
    case 'refused': {
      const attributes = { ...conversation, failedAt: nowMs, errors: [toMessageError(outcome.error)] };
      return { attributes, response: refusedResponse(outcome.error, at) };
    }
  }
}

/** The message first: an item that says `completed` is looked at by nobody again. */
async function record(deps: Deps, message: Draft, lock: Lock | null, outcome: SendOutcome, response: StoredResponse) {
  await deps.messages.record(message);
  if (!lock) return;
  if (outcome.kind === 'unknown') await deps.idempotency.markUnknown(lock);
  else await deps.idempotency.complete(lock, response);
}

/** Meta has decided already: if this cannot be saved the caller still gets the answer, and the item stays for the sweeper. */
async function writeDown(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    logger.error('send.outcome_not_saved', error as Error);
    count('SendOutcomeNotSaved');
  }
}
