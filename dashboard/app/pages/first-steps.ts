import { type Api, ProblemError } from '../api/client.ts';
import { type Newest, newest } from '../api/newest.ts';
import type { ApiKey, Connection, Event, Message, Page, Template } from '../api/types.ts';

/** Looked through for events that failed. */
const FAILED_PAGES = 5;
const MOST_FAILED = 5;

/** What the overview knows of a brand. */
export type Overview = {
  connection: Connection | undefined;
  keys: ApiKey[];
  templates: Template[];
  /** The newest of each; undefined where there is none. */
  sent: Message | undefined;
  delivered: Event | undefined;
  /** Up to five. */
  failed: Newest<Event>;
  otpTemplate: string | undefined;
};

export async function overviewOf(api: Api, brand_id: string): Promise<Overview> {
  // Lists say nothing of the endpoint.
  const theActive = async (all: Connection[]): Promise<Connection | undefined> => {
    const active = all.find(({ status }) => status === 'active');
    return active && api.get<Connection>(`/whatsapp/connections/${active.id}`);
  };
  const rows = <T>(path: string, query: Record<string, string | number> = {}): Promise<T[]> =>
    api.get<Page<T>>(path, { brand_id, ...query }).then(({ data }) => data, emptyWithoutNumber);
  const [connection, keys, templates, sent, delivered, failed] = await Promise.all([
    rows<Connection>('/whatsapp/connections').then(theActive),
    rows<ApiKey>('/api-keys'),
    rows<Template>('/whatsapp/templates', { status: 'ALL', limit: 100 }),
    rows<Message>('/whatsapp/messages', { direction: 'outbound', limit: 1 }),
    rows<Event>('/webhooks/events', { status: 'delivered', limit: 1 }),
    // On a busy brand the newest page may hold none, although some failed a while ago.
    newest<Event>(api, '/webhooks/events', { brand_id, status: 'failed' }, MOST_FAILED, undefined, FAILED_PAGES).then(
      ({ rows: some, isAll }) => ({ rows: some.slice(0, MOST_FAILED), isAll: isAll && some.length <= MOST_FAILED }),
      (error) => ({ rows: emptyWithoutNumber(error), isAll: true }),
    ),
  ]);
  const otp = templates.find(({ status, category }) => status === 'APPROVED' && category === 'AUTHENTICATION');
  return {
    connection,
    keys: keys.filter(({ status }) => status !== 'ended'),
    templates,
    sent: sent[0],
    delivered: delivered[0],
    failed,
    otpTemplate: connection?.default_otp_template ?? otp?.name,
  };
}

/** Before there is a number the API says so of everything that belongs to one. */
function emptyWithoutNumber(error: unknown): never[] {
  if (error instanceof ProblemError && error.problem.code === 'connection_not_found') return [];
  throw error;
}

export type FirstStep = { title: string; text: string; isDone: boolean; action?: string; to?: string };

/** From nothing to an event that came back; each is ticked by what is there. */
export function firstSteps({ connection, keys, templates, sent, delivered }: Overview): FirstStep[] {
  const isApproved = templates.some(({ status }) => status === 'APPROVED');
  const isWaiting = templates.some(({ status }) => status === 'PENDING');
  return [
    {
      title: 'Connect a WhatsApp number',
      text:
        connection?.number?.display_phone_number ??
        'Your WhatsApp Business account, a number of it, and where events go.',
      isDone: connection !== undefined,
      action: 'Connect',
      to: '/whatsapp/connection',
    },
    {
      title: 'Get a template approved',
      text:
        isWaiting && !isApproved
          ? 'Meta is looking at it; codes take about an hour.'
          : 'Codes need one. The preset fills it in for you.',
      isDone: isApproved,
      action: isWaiting ? 'Look' : 'Submit the preset',
      to: isWaiting ? '/whatsapp/templates' : '/whatsapp/templates/new?kind=otp',
    },
    {
      title: 'Mint an API key',
      text: 'Bound to this brand, and to what you let it do.',
      isDone: keys.length > 0,
      action: 'Mint a key',
      to: '/settings/api-keys?new=1',
    },
    {
      title: 'Send your first message',
      text: 'With the curl below, or from your own backend.',
      isDone: sent !== undefined,
    },
    {
      title: 'Receive your first webhook',
      text: 'An event that your endpoint took with a 2xx.',
      isDone: delivered !== undefined,
      action: 'Send a test event',
      to: '/whatsapp/connection',
    },
  ];
}
