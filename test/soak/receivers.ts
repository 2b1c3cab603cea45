import type { Connection } from '../../shared/store/connection-store.ts';
import type { EndpointAnswer, ErrorClass } from '../../shared/webhooks/endpoint-client.ts';
import type { World } from './virtual-world.ts';

const KINDS = [
  'fast',
  'fast',
  'slow',
  'hanging',
  'resetting',
  'redirecting',
  'flapping',
  'dead',
  'lossy',
  'gone',
] as const;
const HOUR = 3_600_000;

/** One endpoint a brand, of every kind; each is repaired at some time. */
export function receivers(world: World, brands: number) {
  const start = world.now();
  const taken = new Set<string>();
  let posts = 0;
  const all = Array.from({ length: brands }, (_, index) => {
    const name = String(index).padStart(2, '0');
    const connection: Connection = {
      connectionId: `con_${name}`,
      brandId: `brd_${name}`,
      organisationId: 'org',
      status: 'active',
      phoneNumberId: name,
      wabaId: name,
      secretArn: 'arn',
      webhookUrl: `https://tenant-${index}.example/`,
      eventFilter: ['message.received'],
      defaultOtpTemplate: null,
      createdAt: start,
    };
    return { kind: KINDS[index % KINDS.length] as (typeof KINDS)[number], connection };
  });

  const failed = async (
    ms: number,
    errorClass: ErrorClass,
    statusCode: number | null = null,
  ): Promise<EndpointAnswer> => {
    await world.sleep(ms);
    return { statusCode, errorClass, response: '', retryAfterSeconds: null, durationMs: ms };
  };
  const taking = async (ms: number, body: string): Promise<EndpointAnswer> => {
    await world.sleep(ms);
    taken.add(String((JSON.parse(body) as { id: string }).id));
    return { statusCode: 200, errorClass: null, response: '', retryAfterSeconds: null, durationMs: ms };
  };

  return {
    all,
    posts: () => posts,
    acknowledged: (id: string) => taken.has(id),
    async post(url: string, _headers: Record<string, string>, body: string): Promise<EndpointAnswer> {
      posts += 1;
      const index = Number(/tenant-(\d+)/.exec(url)?.[1]);
      const hours = (world.now() - start) / HOUR;
      const quick = 5 + world.random() * 50;
      switch (hours >= 99 ? 'fast' : all[index]?.kind) {
        case 'slow':
          return taking(3000 + world.random() * 2000, body);
        case 'hanging':
          return hours < 20 ? failed(15_000, 'timeout') : taking(quick, body);
        case 'resetting':
          return world.random() < 0.6 ? failed(quick, 'connection_lost') : taking(quick, body);
        case 'redirecting':
          return hours < 10 ? failed(quick, 'redirect', 302) : taking(quick, body);
        case 'flapping':
          return Math.floor(hours * 12) % 2 === 0 && hours < 5 ? failed(quick, 'status', 503) : taking(quick, body);
        case 'dead':
          return failed(quick, 'connection_refused');
        case 'lossy':
          return world.random() < 0.65 ? failed(quick, 'status', 500) : taking(quick, body);
        case 'gone':
          return hours > 0.2 ? failed(quick, 'status', 410) : taking(quick, body);
        default:
          return taking(quick, body);
      }
    },
  };
}
