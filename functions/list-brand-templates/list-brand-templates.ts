import { requireConnectionOfBrand } from '../../shared/dashboard/require-brand.ts';
import { listPage } from '../../shared/http/list.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import { EXTERNAL_PREFIX, PUBLIC_ROOT } from '../../shared/routes.ts';
import type { BrandStore } from '../../shared/store/brand-store.ts';
import type { ConnectionStore } from '../../shared/store/connection-store.ts';
import type { Template, TemplateStore } from '../../shared/store/template-store.ts';
import { templateVersion } from '../../shared/views/template-view.ts';
import { BrandTemplatesPage, type BrandTemplatesQuery } from './schema.ts';

type Deps = {
  brands: Pick<BrandStore, 'ofOrganisation'>;
  connections: Pick<ConnectionStore, 'activeOfBrand'>;
  templates: Pick<TemplateStore, 'list'>;
  cursorKey: () => Promise<string>;
};

/** GET /whatsapp/templates */
export const listBrandTemplates =
  ({ brands, connections, templates, cursorKey }: Deps) =>
  async ({ query, organisationId }: UserRequest<unknown, unknown, BrandTemplatesQuery>): Promise<ApiResponse> => {
    const { wabaId } = await requireConnectionOfBrand(brands, connections, organisationId, query.brand_id);
    const page = await listPage(
      { cursorKey, owner: organisationId, resource: 'templates' },
      query,
      (at) => templates.list(wabaId, at, matches(query)),
      (template) => templateVersion(template, `${PUBLIC_ROOT}${EXTERNAL_PREFIX}`),
    );
    return answer(200, BrandTemplatesPage, page);
  };

const matches =
  ({ status, category, language, name }: BrandTemplatesQuery) =>
  (template: Template): boolean =>
    (status === 'ALL' || template.status === status) &&
    (category === undefined || template.category === category) &&
    (language === undefined || template.language === language) &&
    (name === undefined || template.name === name);
