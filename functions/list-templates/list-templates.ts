import { ApiError } from '../../shared/errors.ts';
import type { ApiRequest } from '../../shared/http/api-handler.ts';
import { listPage } from '../../shared/http/list.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { Connection } from '../../shared/store/connection-store.ts';
import type { Template, TemplateStore } from '../../shared/store/template-store.ts';
import { templateView } from '../../shared/views/template-view.ts';
import { TemplatesPage, type TemplatesQuery } from './schema.ts';

type Deps = {
  connectionOf: (brandId: string) => Promise<Connection | null>;
  templates: Pick<TemplateStore, 'list'>;
  cursorKey: () => Promise<string>;
};

/** GET /templates */
export const listTemplates =
  ({ connectionOf, templates, cursorKey }: Deps) =>
  async ({ brandId, query }: ApiRequest<unknown, unknown, TemplatesQuery>): Promise<ApiResponse> => {
    const connection = await connectionOf(brandId);
    if (!connection) throw new ApiError('connection_not_found', 'The brand has no active WhatsApp connection.');
    const page = await listPage(
      { cursorKey, owner: brandId, resource: 'templates' },
      query,
      (at) => templates.list(connection.wabaId, at, matches(query)),
      templateView,
    );
    return answer(200, TemplatesPage, page);
  };

const matches =
  ({ status, category, language, name }: TemplatesQuery) =>
  (template: Template): boolean =>
    (status === 'ALL' || template.status === status) &&
    (category === undefined || template.category === category) &&
    (language === undefined || template.language === language) &&
    (name === undefined || template.name === name);
