import type { Now } from '../clock.ts';
import { ApiError } from '../errors.ts';
import type { AccountCalls, GraphNumber } from '../meta/account-calls.ts';
import { requireOk } from '../meta/call-outcome.ts';
import { isDeadToken } from '../meta/meta-errors.ts';
import type { NumberState } from '../store/connection-store.ts';
import { type Assessment, assessToken, DEAD, lifeOf } from './assess-token.ts';
import type { StepResult } from './steps.ts';

type Deps = { accounts: Pick<AccountCalls, 'debugToken' | 'numberOfWaba'>; appId: string; now: Now };

/** What the customer brings. */
export type Credentials = { wabaId: string; phoneNumberId: string; accessToken: string };

const failed = (message: string) => new ApiError('connection_check_failed', message);

/** The checks that ask Meta. @throws ApiError `connection_check_failed`, or as `requireOk` where Meta could not be asked */
export function liveChecks({ accounts, appId, now }: Deps) {
  return {
    async token({ accessToken, wabaId }: Credentials): Promise<StepResult<Assessment>> {
      const outcome = await accounts.debugToken(accessToken);
      // A token that looks at itself is refused when it is dead.
      if (outcome.kind === 'refused' && isDeadToken(outcome.error)) throw failed(DEAD);
      const assessed = assessToken(requireOk(outcome), { wabaId, appId }, now());
      if (assessed.problem !== null) throw failed(assessed.problem);
      return { value: assessed, detail: lifeOf(assessed) };
    },

    async number({ wabaId, phoneNumberId, accessToken }: Credentials): Promise<StepResult<NumberState>> {
      const outcome = await accounts.numberOfWaba(wabaId, phoneNumberId, accessToken);
      // Meta says the same of what is not there and of what the token may not see.
      if (outcome.kind === 'refused' && outcome.error.code === UNKNOWN_OBJECT)
        throw failed('The token sees no WhatsApp Business account of this id.');
      const found = requireOk(outcome);
      if (!found) throw failed('The WhatsApp Business account has no number of this id.');
      const number = numberState(found, now());
      return { value: number, detail: [number.displayPhoneNumber, number.verifiedName].filter(Boolean).join(', ') };
    },
  };
}
export type LiveChecks = ReturnType<typeof liveChecks>;

const UNKNOWN_OBJECT = 100;

export const numberState = (found: GraphNumber, checkedAt: number): NumberState => ({
  displayPhoneNumber: found.display_phone_number ?? null,
  verifiedName: found.verified_name ?? null,
  qualityRating: found.quality_rating ?? null,
  status: found.status ?? null,
  nameStatus: found.name_status ?? null,
  throughput: found.throughput?.level ?? null,
  messagingLimit: found.whatsapp_business_manager_messaging_limit ?? null,
  checkedAt,
});
