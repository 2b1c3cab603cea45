import { createHash } from 'node:crypto';
import { sweepSends } from '../../../functions/sweep-sends/sweep-sends.ts';
import type { ApiRequest } from '../../../shared/http/api-handler.ts';
import type { ApiResponse } from '../../../shared/http/response.ts';
import type { SendOutcome } from '../../../shared/meta/graph-client.ts';
import { onceSender } from '../../../shared/sending/send-once.ts';
import { checkpointStore } from '../../../shared/store/checkpoint-store.ts';
import { idempotencyStore } from '../../../shared/store/idempotency-store.ts';
import { isUnresolved } from '../../../shared/store/message.ts';
import { messageStore } from '../../../shared/store/message-store.ts';
import { silentMessageStore } from '../../../shared/store/silent-message-store.ts';
import { memoryDynamodb } from '../../support/memory-dynamodb.ts';

export const BRAND = 'brd_1';
const START = Date.UTC(2026, 0, 1);
const OWNER_LIFE_MS = 30_000;
/** Past the life of every owner, and past what the sweeper leaves alone. */
export const JUMP_MS = 120_000;

/** Kinds of trouble, each with how often it may happen on one path. */
export type Budget = { crash: number; lost: number; fail: number; jump: number };
type Action = { label: string; run: () => void; cost?: keyof Budget };
type Answer = { worker: string; status: number; code: string; body: string; startedAt: number; endedAt: number };

/**
 * One Idempotency-Key, several requests with it, Meta, its webhook, the sweeper and the clock. Nothing moves but by
 * `actions()`: every command to the database and every move of Meta is one step that the explorer places.
 */
export function sendModel(workers: readonly string[], budget: Budget, { isThorough = false } = {}) {
  const database = memoryDynamodb({
    idempotency: ['id'],
    messages: ['brandShard', 'messageId'],
    checkpoints: ['job'],
  });
  const left = { ...budget };
  let clock = START;
  let step = 0;
  const pending = new Map<string, { actor: string; actions: () => Action[] }>();
  const history = new Map<string, string>();
  const names = new Map<string, string>();
  const dead = new Set<string>();
  const answers: Answer[] = [];
  const events = new Set<string>();
  /** What reached Meta, or may have. */
  const calls: { messageId: string; wasTaken: boolean }[] = [];
  let sequence = 0;

  /** Ids are random; two states that differ in nothing else are one. */
  const canonical = (actor: string, value: unknown): string =>
    (JSON.stringify(value) ?? '').replace(/msg_[0-9A-Z]{26}|[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => {
      if (!names.has(id)) names.set(id, `<${actor}${names.size}>`);
      return names.get(id) ?? '';
    });
  const remember = (actor: string, text: string): void => {
    history.set(
      actor,
      createHash('sha1')
        .update(`${history.get(actor) ?? ''}|${text}`)
        .digest('base64'),
    );
  };
  const wait = <T>(actor: string, actionsOf: (settle: Settle<T>) => Action[]): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const id = `${actor}#${sequence++}`;
      const settle: Settle<T> = {
        resolve: (value) => {
          pending.delete(id);
          remember(actor, canonical(actor, value));
          resolve(value);
        },
        reject: (error) => {
          pending.delete(id);
          remember(actor, String(error));
          reject(error);
        },
        die: () => {
          for (const [key, one] of pending) if (one.actor === actor) pending.delete(key);
          dead.add(actor);
        },
      };
      pending.set(id, { actor, actions: () => (dead.has(actor) ? [] : actionsOf(settle)) });
    });

  const client = (actor: string, canFail: boolean) =>
    database.client(<T>(command: unknown, run: () => T): Promise<T> => {
      const name = (command as object).constructor.name.replace('Command', '');
      remember(actor, canonical(actor, (command as { input: unknown }).input));
      return wait<T>(actor, ({ resolve, reject, die }) => {
        const finish = () => {
          try {
            resolve(run());
          } catch (error) {
            reject(error as Error);
          }
        };
        const quietly = () => {
          try {
            run();
          } catch {
            // Nobody is told: that is the point.
          }
        };
        const usual: Action = { label: `${actor} ${name}`, run: finish };
        if (!canFail) return [usual];
        return [
          usual,
          { label: `${actor} dies before ${name}`, run: die, cost: 'crash' },
          { label: `${actor} ${name}, dies`, run: () => both(quietly, die), cost: 'crash' },
          { label: `${actor} ${name}, answer lost, repeated`, run: () => both(quietly, finish), cost: 'lost' },
          { label: `${actor} ${name} fails`, run: () => reject(new Error('unavailable')), cost: 'fail' },
        ];
      });
    });

  const graph = (actor: string) => ({
    async sendMessage(_from: unknown, body: object): Promise<SendOutcome> {
      const messageId = String((body as { biz_opaque_callback_data?: string }).biz_opaque_callback_data);
      const untaken = () => void calls.push({ messageId, wasTaken: false });
      const moved = await wait<SendOutcome | 'taken'>(actor, ({ resolve, die }) => [
        {
          label: `Meta takes ${actor}'s`,
          run: () =>
            both(
              () => take(messageId),
              () => resolve('taken'),
            ),
        },
        { label: `Meta refuses ${actor}'s`, run: () => both(untaken, () => resolve(REFUSED)) },
        // To us the same as no connection: where every order is gone through, one of the two is enough.
        ...(isThorough ? [{ label: `Meta throttles ${actor}`, run: () => resolve(THROTTLED) }] : []),
        { label: `${actor} cannot connect`, run: () => resolve({ kind: 'not_sent', cause: new Error('dns') }) },
        { label: `${actor}'s request is lost`, run: () => both(untaken, () => resolve(LOST)) },
        { label: `${actor} dies before Meta`, run: die, cost: 'crash' },
      ]);
      if (moved !== 'taken') return moved;
      return wait<SendOutcome>(actor, ({ resolve, die }) => [
        {
          label: `Meta answers ${actor}`,
          run: () => resolve({ kind: 'accepted', waMessageId: `wamid.${messageId}`, waId: null }),
        },
        { label: `Meta's answer to ${actor} is lost`, run: () => resolve(LOST), cost: 'lost' },
        { label: `${actor} dies waiting`, run: die, cost: 'crash' },
      ]);
    },
  });

  const take = (messageId: string): void => {
    calls.push({ messageId, wasTaken: true });
    void webhook(messageId);
  };

  /** As record-event does it: reads, queues its events, writes; a refused write comes again. */
  async function webhook(messageId: string): Promise<void> {
    const actor = `webhook${calls.length}`;
    await wait<void>(actor, ({ resolve }) => [{ label: `${actor} comes`, run: () => resolve() }]);
    const messages = messageStore(client(actor, false), 'messages');
    for (;;) {
      const [message] = await messages.getMany([{ brandId: BRAND, messageId }]);
      const seen = { isUnresolved: message !== undefined && isUnresolved(message) };
      if (seen.isUnresolved) events.add('message.reconciled');
      const told = { waMessageId: `wamid.${messageId}`, direction: 'outbound' as const };
      try {
        await messages.recordStatus({ brandId: BRAND, messageId }, 'delivered', START + 1000, told, seen);
        return;
      } catch {
        remember(actor, 'again');
      }
    }
  }

  async function request(worker: string, canFail: boolean): Promise<void> {
    await wait<void>(worker, ({ resolve }) => [{ label: `${worker} starts`, run: () => resolve() }]);
    const startedAt = step;
    const to = client(worker, canFail);
    const send = onceSender({
      idempotency: idempotencyStore(to, 'idempotency'),
      messages: messageStore(to, 'messages'),
      graph: graph(worker),
      signingKey: async () => 'a key of sixteen characters',
      ownerLifeMs: OWNER_LIFE_MS,
      docsUrl: 'https://docs.test/errors',
      now: () => clock,
    });
    const answered = (response: ApiResponse, code: string) => {
      remember(worker, `answered ${response.statusCode} ${canonical(worker, response.body)}`);
      answers.push({ worker, status: response.statusCode, code, body: response.body, startedAt, endedAt: step });
    };
    await send(REQUEST, async () => OUTGOING).then(
      (response) => answered(response, 'answer'),
      (error: { code?: string }) => answered({ statusCode: 0, body: '' }, error.code ?? 'unavailable'),
    );
  }

  async function sweep(actor = 'sweeper'): Promise<void> {
    await wait<void>(actor, ({ resolve }) =>
      clock === START ? [] : [{ label: `${actor} starts`, run: () => resolve() }],
    );
    const to = client(actor, false);
    await sweepSends({
      brandIds: async () => [BRAND],
      // One shard is enough to find the one message; which, its id decides.
      messages: messageStore(to, 'messages'),
      silent: onlyNonEmpty(silentMessageStore(to, 'messages')),
      idempotency: idempotencyStore(to, 'idempotency'),
      checkpoints: checkpointStore(to, 'checkpoints'),
      connectionOf: async () => CONNECTION,
      enqueue: async (deliveries) => {
        for (const delivery of deliveries) if (delivery.kind === 'fresh') events.add(delivery.event.type);
      },
      now: () => clock,
    })();
  }

  /** The other shards' queries are nobody's steps: they would only multiply the orders. */
  function onlyNonEmpty(store: ReturnType<typeof silentMessageStore>): typeof store {
    const direct = silentMessageStore(
      database.client(async (_command, run) => run()),
      'messages',
    );
    return {
      ...store,
      find: async (shard, window) => ((await direct.find(shard, window)).length === 0 ? [] : store.find(shard, window)),
    };
  }

  for (const worker of workers) void request(worker, true);
  void sweep();

  return {
    /** What may happen next, within the budget. */
    actions(): Action[] {
      const all = [...pending.values()].flatMap(({ actions }) => actions());
      if (left.jump > 0) {
        all.push({ label: 'time passes', run: () => this.pass(JUMP_MS), cost: 'jump' });
      }
      return all.filter(({ cost }) => cost === undefined || left[cost] > 0);
    },
    async take(action: Action): Promise<void> {
      step += 1;
      if (action.cost) left[action.cost] -= 1;
      action.run();
      await new Promise(setImmediate);
    },
    /** Two paths that lead to the same state go on alike. */
    state(): string {
      const actors = [...history].sort().map(([actor, text]) => `${actor}${text}`);
      const open = [...pending.values()]
        .map(({ actor, actions }) => `${actor}:${actions().map(({ label }) => label)}`)
        .sort();
      const text = JSON.stringify([database.items(), actors, open, left, clock, [...events], [...dead].sort()]);
      return createHash('sha1')
        .update(canonical('', JSON.parse(text)))
        .digest('base64');
    },
    isDone: () => [...pending.values()].every(({ actor }) => actor === 'sweeper'),
    answers,
    events,
    calls,
    dead,
    /** One more request with the same key, when all the others are over and time has passed. */
    async retry(name: string): Promise<Answer> {
      void request(name, false);
      await new Promise(setImmediate);
      await this.settle(name);
      return answers.at(-1)!;
    },
    /** Lets an actor go on without trouble to its end. */
    async settle(actor: string): Promise<void> {
      for (;;) {
        const mine = [...pending.values()].find((one) => one.actor === actor);
        const [action] = mine?.actions() ?? [];
        if (!action) return;
        await this.take(action);
      }
    },
    async sweepAgain(ms: number): Promise<void> {
      this.pass(ms);
      void sweep('second sweeper');
      await new Promise(setImmediate);
      await this.settle('second sweeper');
    },
    pass(ms: number): void {
      clock += ms;
    },
    items: database.items,
  };
}
export type SendModel = ReturnType<typeof sendModel>;

type Settle<T> = { resolve(value: T): void; reject(error: Error): void; die(): void };

function both(first: () => void, second: () => void): void {
  first();
  second();
}

const REFUSED: SendOutcome = { kind: 'refused', error: { code: 131_030, message: 'not on the list' } };
const THROTTLED: SendOutcome = { kind: 'refused', error: { code: 131_056, message: 'pair' } };
const LOST: SendOutcome = { kind: 'unknown', reason: 'timeout' };

const OUTGOING = {
  to: '15550100100',
  type: 'text',
  graph: { type: 'text', text: { body: 'hello' } },
  content: { body: 'hello' },
  reference: null,
  from: { phoneNumberId: '1', wabaId: '2', accessToken: 'token', tokenSetAt: 0 },
};

const REQUEST: ApiRequest<unknown> = {
  keyId: 'key_1',
  brandId: BRAND,
  mode: 'live',
  body: { to: '15550100100' },
  params: undefined,
  query: undefined,
  requestId: 'request',
  route: '/send',
  instance: '/api/send',
  idempotencyKey: 'key',
  remainingMs: () => 29_000,
};

const CONNECTION = {
  connectionId: 'con_1',
  brandId: BRAND,
  organisationId: 'org_1',
  status: 'active' as const,
  phoneNumberId: '1',
  wabaId: '2',
  secretArn: 'arn:aws:secretsmanager:x',
  webhookUrl: 'https://tenant.test',
  eventFilter: ['message.reconciled' as const],
  defaultOtpTemplate: null,
  createdAt: START,
};
