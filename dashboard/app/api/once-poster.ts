import { type Api, ProblemError } from './client.ts';
import type { ProblemDocument } from './types.ts';

/**
 * For one opened form: the same asked for again after a lost answer is the same wish. Nothing is done twice, and the first
 * answer comes; where that has a secret it comes without it, so this is only for who can tell what to do then.
 */
export function oncePoster(api: Pick<Api, 'post'>) {
  /** What was asked for and may have been done, and its Idempotency-Key. */
  const unanswered = new Map<string, string>();
  return async <T>(path: string, body: object): Promise<T> => {
    const wish = JSON.stringify([path, body]);
    const idempotencyKey = unanswered.get(wish) ?? crypto.randomUUID();
    unanswered.set(wish, idempotencyKey);
    try {
      const answer = await api.post<T>(path, body, {}, idempotencyKey);
      unanswered.delete(wish);
      return answer;
    } catch (error) {
      if (error instanceof ProblemError && isRefusal(error.problem)) unanswered.delete(wish);
      throw error;
    }
  };
}

/** Surely nothing was done; anything else may have been, or is just being done. */
const isRefusal = ({ status, code }: ProblemDocument): boolean =>
  status >= 400 && status < 500 && code !== 'idempotency_in_progress';
