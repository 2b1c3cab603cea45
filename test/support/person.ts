import * as z from 'zod';
import type { AttachedStack } from './local-stack.ts';

const Token = z.object({ access_token: z.string() });

export type Reply = { status: number; text: string; body: Record<string, unknown>; headers: Headers };

/** Somebody who is signed in to the dashboard of the local stack. @returns how they call the dashboard's API */
export async function signIn(stack: AttachedStack, email: string) {
  const answer = await fetch(`${stack.control_url}/tokens`, { method: 'POST', body: JSON.stringify({ email }) });
  const { access_token } = Token.parse(await answer.json());
  return async (method: string, call: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> => {
    const response = await fetch(`${stack.api_url}/api/v1${call}`, {
      method,
      headers: { Authorization: `Bearer ${access_token}`, 'Content-Type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, body: JSON.parse(text), headers: response.headers };
  };
}
export type Person = Awaited<ReturnType<typeof signIn>>;
