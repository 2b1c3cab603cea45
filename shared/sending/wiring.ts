import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { KeyMode } from '../api-key.ts';
import { lazily, sqsClient } from '../aws.ts';
import { requireUsableToken } from '../dashboard/usable-token.ts';
import type { Env, EnvName } from '../env.ts';
import type { InboundBatch } from '../events/inbound-update.ts';
import { LIMIT_VARIABLES, limitDefaults } from '../limits/limit-defaults.ts';
import { sendLimits } from '../limits/send-limits.ts';
import { accountCalls } from '../meta/account-calls.ts';
import { GRAPH_VARIABLES, graphOf } from '../meta/graph-of.ts';
import { refusedToken } from '../onboarding/refused-token.ts';
import { queueText, sendTexts } from '../queue.ts';
import { SANDBOX_WABA, sandboxConnection, withSandboxSecret } from '../sandbox/sandbox-connection.ts';
import { withSandboxGraph } from '../sandbox/sandbox-graph.ts';
import { secretOf, signingKeyOf } from '../secrets.ts';
import { cached } from '../store/cached.ts';
import { connectionStore } from '../store/connection-store.ts';
import { conversationStore } from '../store/conversation-store.ts';
import { idempotencyStore } from '../store/idempotency-store.ts';
import { limitStore } from '../store/limit-store.ts';
import { messageHistory } from '../store/message-history.ts';
import { messageStore } from '../store/message-store.ts';
import { prepareReply } from './prepare-reply.ts';
import { onceSender } from './send-once.ts';

/** What every function that sends reads of its environment. */
export const SEND_VARIABLES = [
  'CONNECTIONS_TABLE_NAME',
  'MESSAGES_TABLE_NAME',
  'IDEMPOTENCY_TABLE_NAME',
  'REQUEST_SIGNING_SECRET_ARN',
  'INBOUND_EVENTS_QUEUE_URL',
  'ERROR_DOCS_URL',
  'LIMITS_TABLE_NAME',
  ...GRAPH_VARIABLES,
  ...LIMIT_VARIABLES,
] as const satisfies readonly EnvName[];
type SendEnv = Env<(typeof SEND_VARIABLES)[number]>;

/** Beyond Meta's time limit; with it not less than the function's own, after which nobody is at work any more. */
const WRITE_DOWN_MS = 10_000;

const now = Date.now;

/** Whose number sends, and how. Made once for each container. */
export function sendingWith(env: SendEnv, client: DynamoDBDocumentClient) {
  const connections = connectionStore(client, env.CONNECTIONS_TABLE_NAME);
  // One whose token is dead is looked up each time: with a fresh one it sends at once.
  const liveConnectionOf = cached(
    connections.activeOfBrand,
    (found) => found !== null && found.token?.state !== 'dead',
    now,
  );
  // Of the sandbox and of dead tokens: most containers never queue anything.
  const sqs = lazily(sqsClient);
  const graph = graphOf(env);
  const tokenRefused = refusedToken({
    accounts: accountCalls(graph),
    enqueue: (news) => sendTexts(sqs, env.INBOUND_EVENTS_QUEUE_URL, [news]),
    now,
  });
  const signingKey = signingKeyOf(env.REQUEST_SIGNING_SECRET_ARN);
  return {
    /** @throws ApiError 409 where Meta takes the connection's token no more */
    connectionOf: async (brandId: string, mode: KeyMode) => {
      if (mode === 'test') return sandboxConnection(brandId);
      const connection = await liveConnectionOf(brandId);
      return connection && requireUsableToken(connection);
    },
    secretOf: withSandboxSecret(secretOf),
    sendOnce: onceSender({
      idempotency: idempotencyStore(client, env.IDEMPOTENCY_TABLE_NAME),
      messages: messageStore(client, env.MESSAGES_TABLE_NAME),
      graph: withSandboxGraph({
        graph,
        enqueue: (updates) =>
          sendTexts(
            sqs,
            env.INBOUND_EVENTS_QUEUE_URL,
            updates.map(({ update, afterSeconds }) => ({
              text: queueText({ updates: [update] } satisfies InboundBatch),
              group: `number-${update.phone_number_id}`,
              delaySeconds: afterSeconds,
            })),
          ),
        now,
      }),
      signingKey,
      limits: sendLimits({
        limits: limitStore(client, env.LIMITS_TABLE_NAME),
        defaults: limitDefaults(env),
        signingKey,
        now,
      }),
      ownerLifeMs: env.META_TIMEOUT_MS + WRITE_DOWN_MS,
      tokenRefused: async (from, brandId) => {
        // The sandbox has no token to die.
        if (from.wabaId === SANDBOX_WABA) return;
        // It may have been replaced since: the next send looks.
        liveConnectionOf.forget(brandId);
        await tokenRefused(from);
      },
      docsUrl: env.ERROR_DOCS_URL,
      now,
    }),
  };
}

/** Replies: the service window and the quoted message are looked at first. */
export function replyingWith(env: SendEnv & Env<'CONVERSATIONS_TABLE_NAME'>, client: DynamoDBDocumentClient) {
  const { sendOnce, ...sender } = sendingWith(env, client);
  const messages = messageHistory(client, env.MESSAGES_TABLE_NAME);
  const conversations = conversationStore(client, env.CONVERSATIONS_TABLE_NAME);
  return { sendOnce, messages, prepareReply: prepareReply({ ...sender, messages, conversations, now }) };
}
