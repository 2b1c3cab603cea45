import { ApiError } from '../../shared/errors.ts';
import type { ApiRequest } from '../../shared/http/api-handler.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import { EXTERNAL_PREFIX, PUBLIC_ROOT } from '../../shared/routes.ts';
import type { Connection } from '../../shared/store/connection-store.ts';
import type { TemplateStore } from '../../shared/store/template-store.ts';
import { TemplateDetail, templateVersion } from '../../shared/views/template-view.ts';
import type { TemplateParams } from './schema.ts';

type Deps = {
  connectionOf: (brandId: string) => Promise<Connection | null>;
  templates: Pick<TemplateStore, 'versionsOf'>;
};

/** Longer names do not exist at Meta, and DynamoDB's keys end at 1,024 bytes. */
const MAX_NAME_LENGTH = 512;

/** GET /templates/{name} */
export const getTemplate =
  ({ connectionOf, templates }: Deps) =>
  async ({ brandId, params: { name } }: ApiRequest<unknown, TemplateParams>): Promise<ApiResponse> => {
    const connection = await connectionOf(brandId);
    if (!connection) throw new ApiError('connection_not_found', 'The brand has no active WhatsApp connection.');
    const versions = name.length > MAX_NAME_LENGTH ? [] : await templates.versionsOf(connection.wabaId, name);
    if (versions.length === 0) throw new ApiError('template_not_found', 'There is no template of this name.');
    const toVersion = (version: (typeof versions)[number]) => templateVersion(version, PUBLIC_ROOT + EXTERNAL_PREFIX);
    return answer(200, TemplateDetail, { name, versions: versions.map(toVersion) });
  };
