import { byMember } from '../../shared/audit/change-log.ts';
import { requireBrand } from '../../shared/dashboard/require-brand.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import type { BrandStore } from '../../shared/store/brand-store.ts';
import { connectionView } from '../../shared/views/connection-view.ts';
import type { EndpointPolicy } from '../../shared/webhooks/endpoint-address.ts';
import { requireEndpointUrl } from '../../shared/webhooks/require-endpoint-url.ts';
import type { Onboarded, Wish } from './onboard.ts';
import { type CreateConnectionBody, CreatedConnection } from './schema.ts';

type Deps = {
  brands: Pick<BrandStore, 'ofOrganisation'>;
  policy: EndpointPolicy;
  onboard: (wish: Wish) => Promise<Onboarded>;
};

/** POST /whatsapp/connections: see onboard.ts. */
export const createConnection =
  ({ brands, policy, onboard }: Deps) =>
  async (request: UserRequest<CreateConnectionBody>): Promise<ApiResponse> => {
    const { body, organisationId } = request;
    const brand = await requireBrand(brands, organisationId, body.brand_id);
    if (typeof body.webhook_url === 'string') requireEndpointUrl(body.webhook_url, policy);
    const { connection, secret, isNew, steps } = await onboard({
      brand,
      wabaId: body.waba_id,
      phoneNumberId: body.phone_number_id,
      accessToken: body.access_token,
      webhookUrl: body.webhook_url,
      eventFilter: body.event_types,
      defaultOtpTemplate: body.default_otp_template,
      by: byMember(request),
    });
    return answer(isNew ? 201 : 200, CreatedConnection, { ...connectionView(connection), secret, steps });
  };
