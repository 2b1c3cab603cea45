import type { ProblemDocument } from './types.ts';

/** What the API said when it refused; where it said nothing we could read, in its form. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: ProblemDocument;

  constructor(problem: ProblemDocument) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }
}

export type Query = Record<string, string | number | boolean | undefined>;
type Deps = { base: string; getToken: () => Promise<string | null>; onSignedOut: () => void };
type Options = { query?: Query; body?: object; idempotencyKey?: string; signal?: AbortSignal };

/** Calls of the dashboard's plane: one token, one form of errors. */
export function createApi({ base, getToken, onSignedOut }: Deps) {
  async function send(
    method: string,
    path: string,
    { query, body, idempotencyKey, signal }: Options,
  ): Promise<Response> {
    const token = await getToken();
    if (token === null) {
      onSignedOut();
      // The page is being left: nothing is shown of it any more.
      return new Promise(() => {});
    }
    const headers: Record<string, string> = { Authorization: `Bearer ${token}`, Accept: 'application/json' };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (idempotencyKey !== undefined) headers['Idempotency-Key'] = idempotencyKey;
    const response = await fetch(`${base}/v1${path}${search(query)}`, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      cache: 'no-store',
      signal: signal ?? null,
    }).catch((cause: unknown) => {
      if (signal?.aborted) throw cause;
      throw new ProblemError(UNREACHABLE);
    });
    if (response.ok) return response;
    const problem = await readProblem(response);
    if (problem.code === 'invalid_token') onSignedOut();
    throw new ProblemError(problem);
  }

  const json = async <T>(method: string, path: string, options: Options = {}): Promise<T> => {
    const response = await send(method, path, options);
    return (response.status === 204 ? undefined : await response.json()) as T;
  };

  return {
    get: <T>(path: string, query?: Query, signal?: AbortSignal) =>
      json<T>('GET', path, { ...(query && { query }), ...(signal && { signal }) }),
    /** @param idempotencyKey with the same again, nothing is done twice: `oncePoster` keeps it for who asks again */
    post: <T>(path: string, body: object = {}, query: Query = {}, idempotencyKey: string = crypto.randomUUID()) =>
      json<T>('POST', path, { body, query, idempotencyKey }),
    patch: <T>(path: string, body: object, query?: Query) => json<T>('PATCH', path, { body, ...(query && { query }) }),
    remove: <T>(path: string, query?: Query) => json<T>('DELETE', path, query && { query }),
    text: async (path: string, query?: Query): Promise<string> =>
      (await send('GET', path, query ? { query } : {})).text(),
  };
}
export type Api = ReturnType<typeof createApi>;

function search(query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) params.set(name, String(value));
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

const blank: ProblemDocument = {
  type: 'about:blank',
  title: 'Something went wrong',
  status: 0,
  code: 'unknown',
  detail: '',
  instance: '',
  request_id: '',
  retryable: true,
  retry_after_seconds: null,
  fix: '',
  errors: [],
};

const UNREACHABLE: ProblemDocument = {
  ...blank,
  code: 'unreachable',
  title: 'The API could not be reached',
  fix: 'Check your connection, then try again.',
};

async function readProblem(response: Response): Promise<ProblemDocument> {
  const request_id = response.headers.get('X-Request-Id') ?? '';
  const told = (await response.json().catch(() => ({}))) as Partial<ProblemDocument>;
  return { ...blank, status: response.status, title: `The API answered ${response.status}`, request_id, ...told };
}
