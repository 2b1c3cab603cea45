import type { Now } from '../../shared/clock.ts';
import { ApiError } from '../../shared/errors.ts';
import type { StepResult } from '../../shared/onboarding/steps.ts';
import type { Connection } from '../../shared/store/connection-store.ts';
import type { EndpointStore } from '../../shared/store/endpoint-store.ts';
import type { EventStore } from '../../shared/store/event-store.ts';
import type { syncTemplates } from '../../shared/templates/sync.ts';
import { beginTestEvent } from '../../shared/webhooks/begin-test-event.ts';
import type { Delivery } from '../../shared/webhooks/delivery.ts';
import type { EndpointControl, enableEndpoint } from '../../shared/webhooks/endpoint-control.ts';

type Deps = {
  sync: ReturnType<typeof syncTemplates>;
  events: Pick<EventStore, 'insert'>;
  endpoints: Pick<EndpointStore, 'get'>;
  enable: ReturnType<typeof enableEndpoint>;
  control: Pick<EndpointControl, 'release'>;
  enqueue: (delivery: Delivery) => Promise<void>;
  replay: (of: { phone_number_id: string | null; waba_id: string | null }) => Promise<number>;
  /** For the listing of templates, milliseconds: what it does not manage, the scheduled one does. */
  syncLimitMs: number;
  now: Now;
};

/** What follows once a connection is active. Each part may be done again. */
export function afterActivation(deps: Deps) {
  return {
    async syncTemplates({ wabaId }: Connection, accessToken: string): Promise<StepResult<unknown>> {
      const { promise, reject } = Promise.withResolvers<never>();
      const late = new ApiError('whatsapp_unreachable', 'WhatsApp takes long; the rest comes with the next sync.');
      const timer = setTimeout(() => reject(late), deps.syncLimitMs).unref();
      try {
        const { listed } = await Promise.race([deps.sync({ wabaId, accessToken }), promise]);
        return { value: undefined, detail: `${listed} template versions.` };
      } finally {
        clearTimeout(timer);
      }
    },

    /** The same event however often it is begun: its id follows from the connection and when it was made. */
    async sendTest(connection: Connection): Promise<StepResult<unknown>> {
      const { webhookUrl, createdAt, onboardedAt } = connection;
      if (webhookUrl === null) return { value: undefined, detail: 'There is no webhook URL.', isSkipped: true };
      if (onboardedAt !== undefined) return { value: undefined, detail: 'It was sent before.', isSkipped: true };
      // Left from an earlier time of the same number.
      const { state } = await deps.endpoints.get(connection);
      if (state === 'disabled') await deps.enable(connection, false);
      const id = await beginTestEvent(deps, connection, { at: createdAt, key: 'onboarding' });
      return { value: undefined, detail: `Event ${id} is on its way.` };
    },

    /** What came for the number before it was connected, what came for its account, and what its endpoint did not take. */
    async replayHeld(connection: Connection): Promise<StepResult<unknown>> {
      const { phoneNumberId, wabaId } = connection;
      await deps.control.release(connection);
      const ofNumber = await deps.replay({ phone_number_id: phoneNumberId, waba_id: null });
      const ofAccount = await deps.replay({ phone_number_id: null, waba_id: wabaId });
      return { value: undefined, detail: `${ofNumber + ofAccount} updates.` };
    },
  };
}
export type AfterActivation = ReturnType<typeof afterActivation>;
