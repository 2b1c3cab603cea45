import { randomUUID } from 'node:crypto';
import type { Now } from '../clock.ts';
import { ApiError } from '../errors.ts';
import type { ApiRequest } from '../http/api-handler.ts';
import { USER_ID } from '../http/fields.ts';
import type { ApiResponse } from '../http/response.ts';
import { newId } from '../ids.ts';
import { logger } from '../logger.ts';
import type { GraphClient } from '../meta/graph-client.ts';
import { isDeadToken } from '../meta/meta-errors.ts';
import { count } from '../metrics.ts';
import type { ConnectionLimits } from '../store/connection-store.ts';
import { type IdempotencyStore, idempotencyId, type Reservation } from '../store/idempotency-store.ts';
import type { Message } from '../store/message.ts';
import type { MessageStore } from '../store/message-store.ts';
import { requestFingerprint } from './fingerprint.ts';
import { earlierAnswer, inProgress } from './idempotent-answer.ts';
import { conclude, isNothingSent, nothingSent, throttleIn } from './send-outcome.ts';
import { acceptedResponse } from './send-response.ts';
import { countTransition } from './transitions.ts';

/** A message that nothing of ours refuses any more: what Meta gets, and what history keeps of it. */
export type Outgoing = {
  /** E.164 digits without `+`, or a WhatsApp user id. */
  to: string;
  type: string;
  template?: { name: string; language: string };
  /** Meta's body but for the recipient and our id, e.g. `{type, template}`. */
  graph: Record<string, unknown>;
  /** What history shows; never the code of an OTP. */
  content: Record<string, unknown>;
  /** wamid of the message it quotes. */
  replyTo?: string | null;
  reference: string | null;
  from: { phoneNumberId: string; accessToken: string; wabaId: string; tokenSetAt: number };
  /** A one-time password: each person gets only so many. */
  isOtp?: boolean;
  /** The connection's own limits. */
  limits?: ConnectionLimits;
};

/** Limits that a send has to pass. */
export type SendLimits = {
  /** Counts the request, whatever becomes of it. @returns headers of the answer @throws ApiError 429 */
  admit(request: ApiRequest<unknown>): Promise<Record<string, string>>;
  /**
   * Takes what the send costs, after its key was found to be new: a replay costs nothing.
   * @returns what gives it back when nothing was sent
   * @throws ApiError 429
   */
  take(request: ApiRequest<unknown>, outgoing: Outgoing): Promise<{ giveBack(): Promise<void> }>;
  /** Meta said itself that it takes no more: the next ones need not ask. @returns headers of the answer */
  learn(
    outgoing: Outgoing,
    scope: 'pair' | 'sender' | 'app',
    retryAfterSeconds: number,
  ): Promise<Record<string, string>>;
};

type Deps = {
  idempotency: IdempotencyStore;
  messages: MessageStore;
  graph: Pick<GraphClient, 'sendMessage'>;
  /** Key of the fingerprints. */
  signingKey: () => Promise<string>;
  /** How long a request may be at work after it began, milliseconds: not less than the function's own time limit. */
  ownerLifeMs: number;
  docsUrl: string;
  now: Now;
  limits?: SendLimits;
  /** Meta refused the token: somebody finds out whether it is dead. Never throws. */
  tokenRefused?: (from: Outgoing['from'], brandId: string) => Promise<void>;
};

type Draft = Omit<Message, 'brandShard'> & { senderId: string };

/**
 * Sends once: contract §5, drawn in docs/idempotency.md. An Idempotency-Key is bound to one message id; the message is
 * made, conditionally, before Meta is called, and whoever made it is the only one who calls. Without a key the message
 * id is new, and the rest is the same.
 *
 * `prepare` makes every refusal that needs no Meta, and writes nothing.
 */
export const onceSender =
  (deps: Deps) =>
  async (request: ApiRequest<unknown>, prepare: () => Promise<Outgoing>): Promise<ApiResponse> => {
    const headers = await deps.limits?.admit(request);
    const response = await sendOnce(deps, request, prepare);
    return headers ? { ...response, headers: { ...headers, ...response.headers } } : response;
  };

/** A sandbox's sends have keys of their own: a rehearsal must not swallow the send that is meant. */
const keyIdOf = ({ brandId, mode, route, idempotencyKey }: ApiRequest<unknown>): string =>
  idempotencyKey === null ? '' : idempotencyId(brandId, mode === 'test' ? `test ${route}` : route, idempotencyKey);

async function sendOnce(
  deps: Deps,
  request: ApiRequest<unknown>,
  prepare: () => Promise<Outgoing>,
): Promise<ApiResponse> {
  const startedAt = deps.now();
  const fingerprint = requestFingerprint(await deps.signingKey(), request.route, request.body);
  const again = { brandId: request.brandId, fingerprint, nowMs: startedAt };
  const mine: Reservation = {
    id: keyIdOf(request),
    ownerId: randomUUID(),
    ownerUntil: startedAt + deps.ownerLifeMs,
    fingerprint,
    messageId: newId('msg', startedAt),
    createdAt: startedAt,
  };
  const hasKey = mine.id !== '';

  const outgoing = await prepare().catch(async (refusal: unknown) => {
    // The template may have been paused since: the first answer is still the answer.
    const first = hasKey && refusal instanceof ApiError ? await deps.idempotency.find(mine.id, startedAt) : null;
    const answer = first && (await earlierAnswer(deps, first, again));
    if (answer) return { answer };
    throw refusal;
  });
  if ('answer' in outgoing) return outgoing.answer;

  if (hasKey) {
    const first = await deps.idempotency.reserve(mine);
    const answer = first && (await earlierAnswer(deps, first, again));
    if (answer) return answer;
    if (first) {
      // Mostly the first owner's: he may only be slow, and the dispatch of this very id decides between us.
      const messageId = await deps.idempotency.takeOver(first, mine);
      if (messageId === null) throw inProgress();
      mine.messageId = messageId;
      countTransition('resumed');
    }
  }
  const draft = draftOf(request, outgoing, mine, hasKey);
  const release = async () => {
    // The message first: a key that is free while its message stands would be a second message.
    if (!(await deps.messages.takeBack(draft))) return;
    if (hasKey) await deps.idempotency.release(mine);
    countTransition('released');
  };
  const taken = await passed(deps, request, outgoing, draft, release);

  const outcome = await deps.graph.sendMessage(outgoing.from, {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    ...addressOf(outgoing.to),
    ...outgoing.graph,
    biz_opaque_callback_data: draft.messageId,
  });
  logger.appendKeys({ message_id: draft.messageId, send_outcome: outcome.kind });
  const isTokenRefused = outcome.kind === 'refused' && isDeadToken(outcome.error);

  if (isNothingSent(outcome)) {
    await writeDown(() => Promise.all([release(), taken?.giveBack()]));
    const throttle = throttleIn(outcome);
    throw nothingSent(
      outcome,
      throttle && (await deps.limits?.learn(outgoing, throttle.scope, throttle.retryAfterSeconds)),
    );
  }
  const at = { ...request, docsUrl: deps.docsUrl };
  const { result, response, transition } = conclude(outcome, draft, at, deps.now());
  countTransition(transition);
  const answer = await writeDown(async () => {
    // The key first: if we die between the two, the sweeper still finds the message.
    if (outcome.kind === 'unknown' && hasKey) await deps.idempotency.keepUnresolved(mine);
    const message = await deps.messages.conclude(draft, result);
    // Meta's webhook was faster than its answer.
    return outcome.kind === 'unknown' && message.waMessageId !== undefined ? acceptedResponse(message) : response;
  });
  if (isTokenRefused) await deps.tokenRefused?.(outgoing.from, request.brandId);
  return answer ?? response;
}

/** Limits, then the write that decides who calls Meta. What fails before it leaves the key free. */
async function passed(
  deps: Deps,
  request: ApiRequest<unknown>,
  outgoing: Outgoing,
  draft: Draft,
  release: () => Promise<void>,
) {
  const taken = await deps.limits?.take(request, outgoing).catch(async (refusal: unknown) => {
    await writeDown(async () => draft.idempotencyId && deps.idempotency.release(asOwned(draft)));
    throw refusal;
  });
  try {
    if (!(await deps.messages.dispatch(draft))) throw inProgress();
  } catch (error) {
    // The write may have been made all the same; then it is taken back.
    await writeDown(() => Promise.all([isInProgress(error) ? null : release(), taken?.giveBack()]));
    throw error;
  }
  countTransition('dispatched');
  return taken;
}

const asOwned = ({ idempotencyId: id = '', senderId: ownerId }: Draft) => ({ id, ownerId });

const isInProgress = (error: unknown) => error instanceof ApiError && error.code === 'idempotency_in_progress';

const draftOf = (request: ApiRequest<unknown>, outgoing: Outgoing, mine: Reservation, hasKey: boolean): Draft => ({
  messageId: mine.messageId,
  createdAt: mine.createdAt,
  brandId: request.brandId,
  direction: 'outbound',
  type: outgoing.type,
  contact: outgoing.to,
  phoneNumberId: outgoing.from.phoneNumberId,
  template: outgoing.template,
  content: outgoing.content,
  replyTo: outgoing.replyTo,
  reference: outgoing.reference,
  keyId: request.keyId,
  mode: request.mode,
  senderId: mine.ownerId,
  senderUntil: mine.ownerUntil,
  ...(hasKey ? { idempotencyId: mine.id } : {}),
});

/** Without the plus Meta may prepend the sender's own country code (meta-cloud-api §7); a user id has a field of its own (§2.1). */
const addressOf = (to: string) => (USER_ID.test(to) ? { recipient: to } : { to: `+${to}` });

/** Meta has decided already: if this cannot be saved the caller still gets the answer, and the sweeper finds the rest. */
async function writeDown<T>(write: () => Promise<T>): Promise<T | undefined> {
  try {
    return await write();
  } catch (error) {
    logger.error('send.outcome_not_saved', error as Error);
    count('SendOutcomeNotSaved');
    return undefined;
  }
}
