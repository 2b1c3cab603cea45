import { createHash } from 'node:crypto';
import { byMember } from '../../shared/audit/change-log.ts';
import type { CreateOnce } from '../../shared/audit/create-once.ts';
import type { Now } from '../../shared/clock.ts';
import { requireConnectionOfBrand } from '../../shared/dashboard/require-brand.ts';
import { requireUsableToken } from '../../shared/dashboard/usable-token.ts';
import { ApiError } from '../../shared/errors.ts';
import { invalidRequest } from '../../shared/http/field-errors.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import type { ConnectionSecret } from '../../shared/secrets.ts';
import type { BrandStore } from '../../shared/store/brand-store.ts';
import type { Connection, ConnectionStore } from '../../shared/store/connection-store.ts';
import type { Template, TemplateStore } from '../../shared/store/template-store.ts';
import { categoryOf, createBody, isNamed } from '../../shared/templates/draft-body.ts';
import { checkDraft } from '../../shared/templates/draft-check.ts';
import { draftOfCopy } from '../../shared/templates/draft-copy.ts';
import type { TemplateDraft } from '../../shared/templates/draft-fields.ts';
import type { Made, makeAtMeta } from './make-at-meta.ts';
import { type SubmitTemplateBody, SubmittedTemplate } from './schema.ts';

type Deps = {
  brands: Pick<BrandStore, 'ofOrganisation'>;
  connections: Pick<ConnectionStore, 'activeOfBrand'>;
  templates: Pick<TemplateStore, 'find' | 'begin' | 'resume' | 'confirming' | 'abandon' | 'apply'>;
  atMeta: ReturnType<typeof makeAtMeta>;
  secretOf: (connection: Connection) => Promise<ConnectionSecret>;
  create: CreateOnce;
  now: Now;
};

const SECOND_MS = 1000;

/**
 * POST /whatsapp/templates. Written down before Meta is asked: its webhook may be faster than its answer, and who was
 * killed in between finds with the next try whether Meta took it.
 */
export const submitTemplate =
  (deps: Deps) =>
  async (request: UserRequest<SubmitTemplateBody>): Promise<ApiResponse> => {
    const { body, organisationId } = request;
    const connection = requireUsableToken(
      await requireConnectionOfBrand(deps.brands, deps.connections, organisationId, body.brand_id),
    );
    const { wabaId, brandId } = connection;
    const draft = await draftOf(deps, body, wabaId);
    const errors = checkDraft(draft);
    if (errors.length > 0) throw invalidRequest(errors);

    return deps.create(
      request,
      async () => {
        const version = { wabaId, name: draft.name, language: draft.language };
        const payload = createBody(draft);
        const payloadHash = hashOf(payload);
        const made = await submit(deps, connection, draft, { payload, payloadHash });
        const shown = {
          name: draft.name,
          language: draft.language,
          category: made.category,
          status: made.status,
        };
        return {
          change: {
            ...byMember(request),
            action: 'template.submitted',
            target: { type: 'template', id: `${draft.name}#${draft.language}` },
            brandId,
            before: null,
            after: shown,
          },
          writes: [deps.templates.confirming(version, { ...made, parameterFormat: formatOf(draft), payloadHash })],
          response: answer(201, SubmittedTemplate, { id: made.templateId, ...shown, payload }),
        };
      },
      () => exists(),
    );
  };

const exists = () => new ApiError('template_exists', 'The account has this template already.');
const formatOf = (draft: TemplateDraft) => (isNamed(draft) ? 'NAMED' : 'POSITIONAL');
const hashOf = (payload: object) => createHash('sha256').update(JSON.stringify(payload)).digest('base64url');

async function submit(
  { templates, atMeta, secretOf, now }: Deps,
  connection: Connection,
  draft: TemplateDraft,
  { payload, payloadHash }: { payload: ReturnType<typeof createBody>; payloadHash: string },
): Promise<Made> {
  const { wabaId } = connection;
  const version = { wabaId, name: draft.name, language: draft.language };
  const isBegun = await templates.begin({
    ...version,
    status: 'PENDING',
    category: categoryOf(draft),
    components: payload.components,
    parameterFormat: formatOf(draft),
    rejectedReason: null,
    quality: null,
    previousCategory: null,
    lastUpdatedAt: now(),
    syncedAt: now(),
    payloadHash,
  });
  // Without an id: somebody was killed, or is at it at this moment.
  const earlier = isBegun ? null : await templates.find(version);
  if (!isBegun && earlier?.templateId !== '') throw exists();
  if (earlier) await templates.resume(version, now());
  const unfinished = earlier && { isSame: earlier.payloadHash === payloadHash };
  const { access_token: accessToken } = await secretOf(connection);
  const made = await atMeta({ ...version, accessToken, payload, unfinished }).catch(async (error: unknown) => {
    // Only what this request began: another's may be at Meta at this moment, and what a dead one left the sync takes out.
    if (isBegun && error instanceof ApiError && error.code !== 'whatsapp_unreachable')
      await templates.abandon(version, { payloadHash });
    throw error;
  });
  // Codes are often approved at once. As of a second ago: what a webhook tells of this one is younger.
  if (made.status !== 'PENDING') {
    const at = Math.floor(now() / SECOND_MS) * SECOND_MS;
    await templates.apply(version, { attribute: 'status', value: made.status, rejectedReason: null }, at);
  }
  return made;
}

async function draftOf({ templates }: Deps, body: SubmitTemplateBody, wabaId: string): Promise<TemplateDraft> {
  const { brand_id: _brand, ...draft } = body;
  if (draft.kind !== 'copy') return draft;
  const source: Template | null = await templates.find({ wabaId, ...draft.copy_of });
  if (!source) throw new ApiError('template_not_found', 'There is no template of this name in this language to copy.');
  const copy = draftOfCopy(draft, source);
  if (copy) return copy;
  const message = 'This template cannot be copied: Meta does not give back what it was made of. Submit it anew.';
  throw invalidRequest([{ pointer: '/copy_of', code: 'not_copyable', message }]);
}
