import * as z from 'zod';
import { DASHBOARD_PREFIX } from '../../shared/routes.ts';
import { type Documented, expectDocumented } from './documented.ts';
import type { StackFile } from './local-stack.ts';

const Token = z.object({ access_token: z.string() });

/** An access token of a person, without a browser. */
export async function tokenOf(stack: Pick<StackFile, 'control_url'>, email: string): Promise<string> {
  const response = await fetch(`${stack.control_url}/tokens`, { method: 'POST', body: JSON.stringify({ email }) });
  return Token.parse(await response.json()).access_token;
}

export type Dashboard = (
  method: string,
  call: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Documented>;

/** Calls the dashboard's API as its app does; every answer has to be one that the document tells. */
export function dashboardAs(stack: Pick<StackFile, 'api_url'>, token: string | null): Dashboard {
  return async (method, call, body, headers = {}) => {
    const path = `${DASHBOARD_PREFIX}${call}`;
    for (;;) {
      const response = await fetch(`${stack.api_url}/api${path}`, {
        method,
        headers: {
          ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = (response.headers.get('content-type') ?? '').includes('json');
      const answer = {
        status: response.status,
        headers: response.headers,
        text,
        body: isJson ? JSON.parse(text) : text,
      };
      expectDocumented(method, path, answer);
      // Our own throttle is no test's subject.
      if (answer.status !== 429) return answer;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
}

/** The dashboard as one of the demo organisation's people. */
export const dashboardOf = async (
  stack: Pick<StackFile, 'api_url' | 'control_url'>,
  email: string,
): Promise<Dashboard> => dashboardAs(stack, await tokenOf(stack, email));
