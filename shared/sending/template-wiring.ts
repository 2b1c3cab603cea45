import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Env } from '../env.ts';
import { SANDBOX_WABA, sandboxTemplates } from '../sandbox/sandbox-connection.ts';
import { cached } from '../store/cached.ts';
import { templateStore } from '../store/template-store.ts';
import { requireTemplate } from './template-lookup.ts';

/** Sends of templates: the cache they are checked against. */
export function templatesWith(env: Env<'TEMPLATES_TABLE_NAME'>, client: DynamoDBDocumentClient) {
  const templates = templateStore(client, env.TEMPLATES_TABLE_NAME);
  // By language: what is refused is thrown and not remembered, so a language sends at once when it is approved.
  const approved = cached(
    async (wabaId: string, name: string, language: string) =>
      requireTemplate(await templates.versionsOf(wabaId, name), language),
    () => true,
    Date.now,
  );
  return {
    /** @throws ApiError as `requireTemplate` */
    templateOf: async (wabaId: string, name: string, language = '') =>
      wabaId === SANDBOX_WABA ? requireTemplate(sandboxTemplates(name), language) : approved(wabaId, name, language),
  };
}
