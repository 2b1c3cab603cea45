import type { Now } from '../../shared/clock.ts';
import { requireBrand } from '../../shared/dashboard/require-brand.ts';
import { ApiError } from '../../shared/errors.ts';
import { attemptBody } from '../../shared/events/envelope.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import type { LiveChecks } from '../../shared/onboarding/live-checks.ts';
import { type StepResult, stepReport } from '../../shared/onboarding/steps.ts';
import type { BrandStore } from '../../shared/store/brand-store.ts';
import type { ConnectionSecrets } from '../../shared/store/connection-secrets.ts';
import type { ConnectionStore } from '../../shared/store/connection-store.ts';
import type { EndpointPolicy } from '../../shared/webhooks/endpoint-address.ts';
import type { EndpointClient } from '../../shared/webhooks/endpoint-client.ts';
import { webhookTest } from '../../shared/webhooks/endpoint-events.ts';
import { requireEndpointUrl } from '../../shared/webhooks/require-endpoint-url.ts';
import { liveSecrets, newSigningSecret } from '../../shared/webhooks/secret-rotation.ts';
import { signedHeaders } from '../../shared/webhooks/signing.ts';
import { type CheckConnectionBody, CheckedConnection } from './schema.ts';

const CHECKS = ['token_checked', 'number_checked', 'url_checked', 'endpoint_answered'] as const;

type Deps = {
  brands: Pick<BrandStore, 'ofOrganisation'>;
  connections: Pick<ConnectionStore, 'activeOfBrand'>;
  secrets: Pick<ConnectionSecrets, 'read'>;
  checks: LiveChecks;
  policy: EndpointPolicy;
  endpoint: EndpointClient;
  now: Now;
};

/** POST /whatsapp/connections/check: what fails is told, and nothing is kept. */
export const checkConnection =
  (deps: Deps) =>
  async (request: UserRequest<CheckConnectionBody>): Promise<ApiResponse> => {
    const { body, organisationId } = request;
    const { brandId } = await requireBrand(deps.brands, organisationId, body.brand_id);
    const wish = { wabaId: body.waba_id, phoneNumberId: body.phone_number_id, accessToken: body.access_token };
    const url = body.webhook_url ?? null;
    const report = stepReport(CHECKS);
    // Meta and the endpoint at once: each may take its time, and the gateway gives up at 29 s.
    await Promise.all([
      inTurn(
        () => report.optional('token_checked', () => deps.checks.token(wish)),
        () => report.optional('number_checked', () => deps.checks.number(wish)),
      ),
      inTurn(
        () => report.optional('url_checked', async () => checkUrl(url, deps.policy)),
        () => report.optional('endpoint_answered', () => ping(deps, { ...wish, brandId, url, key: request.requestId })),
      ),
    ]);
    const steps = report.list();
    return answer(200, CheckedConnection, {
      ok: steps.every(({ status }) => status === 'done' || status === 'skipped'),
      steps,
    });
  };

/** The second only when the first did not fail. */
async function inTurn(first: () => Promise<unknown>, second: () => Promise<unknown>): Promise<void> {
  if (!((await first()) instanceof Error)) await second();
}

const NO_URL = { value: undefined, detail: 'There is no webhook URL.', isSkipped: true };

function checkUrl(url: string | null, policy: EndpointPolicy): StepResult<unknown> {
  if (url === null) return NO_URL;
  requireEndpointUrl(url, policy);
  return { value: undefined, detail: null };
}

async function ping(
  deps: Deps,
  { brandId, phoneNumberId, url, key }: { brandId: string; phoneNumberId: string; url: string | null; key: string },
): Promise<StepResult<unknown>> {
  if (url === null) return NO_URL;
  const at = deps.now();
  const connection = await deps.connections.activeOfBrand(brandId);
  const isKnown = connection?.phoneNumberId === phoneNumberId;
  const secret = isKnown ? await deps.secrets.read(connection.connectionId) : null;
  const secrets = secret ? liveSecrets(secret.value, at) : [newSigningSecret()];
  const event = webhookTest({ brandId, connectionId: connection?.connectionId ?? 'con_check', at, key });
  const body = attemptBody(event, at);
  const headers = signedHeaders({ event, body, at, number: 1, isReplay: false }, secrets);
  const { statusCode, errorClass, durationMs } = await deps.endpoint.post(url, headers, body);
  if (errorClass === null) return { value: undefined, detail: `It answered ${statusCode} in ${durationMs} ms.` };
  const why = statusCode === null ? `It did not answer: ${errorClass}.` : `It answered ${statusCode}.`;
  throw new ApiError('connection_check_failed', why);
}
