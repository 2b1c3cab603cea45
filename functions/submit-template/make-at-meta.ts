import { ApiError } from '../../shared/errors.ts';
import { requireOk } from '../../shared/meta/call-outcome.ts';
import type { MetaError } from '../../shared/meta/meta-errors.ts';
import type { TemplateCalls } from '../../shared/meta/template-calls.ts';
import { TEMPLATE_STATUSES, type Template } from '../../shared/store/template-store.ts';

export type Made = Pick<Template, 'templateId' | 'category' | 'components' | 'status'>;

type Request = {
  wabaId: string;
  name: string;
  language: string;
  accessToken: string;
  payload: { components: { type: string }[]; category?: unknown };
  /** It was begun before, and nobody knows whether Meta took it; `isSame` when that was of this very payload. */
  unfinished: { isSame: boolean } | null;
};

/** Meta has one of this name in this language, or is deleting it: meta-cloud-api §4.4. */
const NAME_SUBCODES: ReadonlySet<unknown> = new Set([2_388_023, 2_388_024]);
const isNameTaken = (error: MetaError): boolean => NAME_SUBCODES.has(error.error_subcode);

/**
 * Has Meta make a template, or finds the one that it made.
 * @throws ApiError as `requireOk` does; `template_exists` where the name is not free
 */
export const makeAtMeta =
  ({ create, find }: Pick<TemplateCalls, 'create' | 'find'>) =>
  async ({ wabaId, name, language, accessToken, payload, unfinished }: Request): Promise<Made> => {
    const findUnfinished = async (): Promise<Made | null> => {
      const found = unfinished && requireOk(await find(wabaId, accessToken, name, language));
      // Meta looks at what it was sent then: this request's content would pass for it.
      if (found && !unfinished?.isSame) throw existsOtherwise();
      return found && { ...found, templateId: found.id };
    };
    const earlier = await findUnfinished();
    if (earlier) return earlier;
    const outcome = await create(wabaId, accessToken, payload);
    if (outcome.kind === 'refused') {
      // Whoever began it may have been at Meta between the look and this.
      const meanwhile = isNameTaken(outcome.error) ? await findUnfinished() : null;
      if (meanwhile) return meanwhile;
      throw refusal(outcome.error);
    }
    const made = requireOk(outcome);
    // Meta adds its own text to templates for codes. Without it the next sync brings it.
    const listed = await find(wabaId, accessToken, name, language);
    const components = listed.kind === 'ok' && listed.value ? listed.value.components : payload.components;
    return {
      templateId: made.id,
      status: TEMPLATE_STATUSES.find((status) => status === made.status) ?? 'PENDING',
      category: made.category ?? String(payload.category),
      components,
    };
  };

const existsOtherwise = () =>
  new ApiError(
    'template_exists',
    'Meta has this name in this language already: an earlier request got no answer, and its content was another.',
  );

/** Meta explains itself to people in `error_user_msg`, in the account's language; its code and subcode are in the answer too. */
function refusal(error: MetaError): ApiError {
  if (isNameTaken(error))
    return new ApiError('template_exists', 'Meta has this name in this language already, or is deleting it.', {
      whatsappError: { error },
    });
  try {
    requireOk({ kind: 'refused', error });
  } catch (refused) {
    if (!(refused instanceof ApiError)) throw refused;
    const said = [error.error_user_title, error.error_user_msg].filter((text) => typeof text === 'string').join(': ');
    return new ApiError(refused.code, said || refused.message, refused.details, { cause: refused });
  }
  throw new Error('A refusal of Meta is never taken for an answer');
}
