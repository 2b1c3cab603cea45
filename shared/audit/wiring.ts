import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Env, EnvName } from '../env.ts';
import { signingKeyOf } from '../secrets.ts';
import { idempotencyStore } from '../store/idempotency-store.ts';
import { actOnce } from './act-once.ts';
import { changeLog } from './change-log.ts';
import { createOnce } from './create-once.ts';

/** What every function that creates something for people reads of its environment. */
export const CREATE_VARIABLES = [
  'AUDIT_LOG_TABLE_NAME',
  'IDEMPOTENCY_TABLE_NAME',
  'REQUEST_SIGNING_SECRET_ARN',
] as const satisfies readonly EnvName[];

type CreateEnv = Env<(typeof CREATE_VARIABLES)[number]>;

const keysOf = (env: CreateEnv, client: DynamoDBDocumentClient) => ({
  idempotency: idempotencyStore(client, env.IDEMPOTENCY_TABLE_NAME),
  signingKey: signingKeyOf(env.REQUEST_SIGNING_SECRET_ARN),
  now: Date.now,
});

export const creatingWith = (env: CreateEnv, client: DynamoDBDocumentClient) =>
  createOnce({ ...keysOf(env, client), changes: changeLog(client, env.AUDIT_LOG_TABLE_NAME, Date.now) });

export const actingWith = (env: CreateEnv, client: DynamoDBDocumentClient) => actOnce(keysOf(env, client));
