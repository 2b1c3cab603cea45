import { byMember, type ChangeLog } from '../../shared/audit/change-log.ts';
import { requireConnectionOfBrand } from '../../shared/dashboard/require-brand.ts';
import { requireUsableToken } from '../../shared/dashboard/usable-token.ts';
import { ApiError } from '../../shared/errors.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import { requireOk } from '../../shared/meta/call-outcome.ts';
import type { TemplateCalls } from '../../shared/meta/template-calls.ts';
import type { ConnectionSecret } from '../../shared/secrets.ts';
import type { BrandStore } from '../../shared/store/brand-store.ts';
import type { Connection, ConnectionStore } from '../../shared/store/connection-store.ts';
import type { Template, TemplateStore } from '../../shared/store/template-store.ts';
import { DeletedTemplate, type DeleteTemplateParams, type DeleteTemplateQuery } from './schema.ts';

/** Meta's words for a template it does not have: `error_subcode`. Then it is as was asked for. */
const NOT_FOUND_SUBCODE = 2_593_002;

type Deps = {
  brands: Pick<BrandStore, 'ofOrganisation'>;
  connections: Pick<ConnectionStore, 'activeOfBrand'>;
  templates: Pick<TemplateStore, 'versionsOf' | 'removing'>;
  calls: Pick<TemplateCalls, 'find' | 'remove'>;
  secretOf: (connection: Connection) => Promise<ConnectionSecret>;
  changes: ChangeLog;
};

/** DELETE /whatsapp/templates/{name}: at Meta first; who is killed before ours begins again. */
export const deleteTemplate =
  (deps: Deps) =>
  async (request: UserRequest<unknown, DeleteTemplateParams, DeleteTemplateQuery>): Promise<ApiResponse> => {
    const { organisationId, query, params } = request;
    const found = await requireConnectionOfBrand(deps.brands, deps.connections, organisationId, query.brand_id);
    const connection = requireUsableToken(found);
    const versions = (await deps.templates.versionsOf(connection.wabaId, params.name)).filter(
      ({ language }) => query.language === undefined || language === query.language,
    );
    const [first] = versions;
    if (!first) throw new ApiError('template_not_found', 'The brand has no such template.');
    await removeAtMeta(deps, connection, params.name, query.language === undefined ? null : first);
    await deps.changes.commit(
      {
        ...byMember(request),
        action: 'template.deleted',
        target: { type: 'template', id: params.name },
        brandId: connection.brandId,
        before: { name: params.name, versions: versions.map(shown) },
        after: null,
      },
      versions.map((version) => deps.templates.removing(version)),
    );
    return answer(200, DeletedTemplate, { name: params.name, languages: versions.map(({ language }) => language) });
  };

/** @param version the one language that is meant; null for all */
async function removeAtMeta(deps: Deps, connection: Connection, name: string, version: Template | null): Promise<void> {
  const { access_token } = await deps.secretOf(connection);
  const id = version && (version.templateId || (await idAtMeta(deps, access_token, version)));
  // Meta has none of it. Never without an id: that would be every language.
  if (version && id === null) return;
  const outcome = await deps.calls.remove(connection.wabaId, access_token, name, id);
  if (outcome.kind === 'refused' && outcome.error.error_subcode === NOT_FOUND_SUBCODE) return;
  requireOk(outcome);
}

/** Of a version whose submit never got Meta's answer. */
async function idAtMeta({ calls }: Deps, accessToken: string, { wabaId, name, language }: Template) {
  return requireOk(await calls.find(wabaId, accessToken, name, language))?.id ?? null;
}

const shown = ({ language, status, category, templateId }: Template) => ({
  language,
  status,
  category,
  id: templateId,
});
