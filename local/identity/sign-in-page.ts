import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { accountOf } from './accounts.ts';

export type Person = { email: string; role: string };

const PATH = '/sign-in/';

/** Where a person is sent to say who they are. */
export const signInUrl = (uid: string): string => `${PATH}${uid}`;

export const isSignIn = ({ url = '' }: IncomingMessage): boolean => url.startsWith(PATH);

/** The page that lists the people of the stack, and what its buttons do. */
export async function signIn(
  provider: Provider,
  people: () => Promise<Person[]>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { uid } = await provider.interactionDetails(request, response);
  if (request.method === 'POST') {
    const email = new URLSearchParams(await text(request)).get('email')?.trim() ?? '';
    if (email.includes('@')) {
      return provider.interactionFinished(request, response, { login: { accountId: accountOf(email) } });
    }
  }
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(page(uid, await people()));
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const escaped = (value: string): string => value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const page = (uid: string, people: readonly Person[]): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sign in to the local stack</title>
<link rel="icon" href="data:,">
<style>
  :root { color-scheme: light dark; --ink: light-dark(#16262b, #e2ecec); --quiet: light-dark(#51646b, #9fb3b8); --line: light-dark(#c4d2d3, #3a4c53); --card: light-dark(#fff, #131e23); --teal: light-dark(#0b6e6a, #4fd1c5) }
  * { box-sizing: border-box }
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; color: var(--ink); background: light-dark(#f6f9f9, #0d1519) }
  main { width: 100%; max-width: 26rem; padding: 1.75rem; border: 1px solid var(--line); border-radius: 14px; background: var(--card) }
  h1 { margin: 0; font-size: 1.5rem }
  p, small, label { color: var(--quiet) }
  p { margin: .25rem 0 1.25rem }
  button { font: inherit; color: inherit; width: 100%; padding: .7rem 1rem; margin-bottom: .5rem; border: 1px solid var(--line); border-radius: 10px; background: none; cursor: pointer }
  button[name] { display: flex; justify-content: space-between; gap: 1rem; text-align: start; overflow-wrap: anywhere }
  button small { flex: none }
  button:hover { border-color: var(--teal); background: light-dark(#e6f5f3, #0f2f2d) }
  :focus-visible { outline: 3px solid var(--teal); outline-offset: 2px }
  form + form { margin-top: 1rem; padding-top: 1.25rem; border-top: 1px solid var(--line) }
  input { font: inherit; color: inherit; width: 100%; margin: .35rem 0 .75rem; padding: .65rem .85rem; border: 1px solid var(--line); border-radius: 10px; background: none }
  form + form button { margin: 0; border-color: var(--teal); color: light-dark(#fff, #06231f); background: var(--teal); font-weight: 600 }
  form + form button:hover { background: light-dark(#075551, #81e6d9) }
</style>
<main>
<h1>Who are you?</h1>
<p>This is the identity provider of the local stack: nobody has a password here.</p>
<form method="post" action="${signInUrl(escaped(uid))}">
${people.map(({ email, role }) => `<button name="email" value="${escaped(email)}">${escaped(email)} <small>${escaped(role)}</small></button>`).join('\n')}
</form>
<form method="post" action="${signInUrl(escaped(uid))}">
<label for="email">Somebody else</label>
<input id="email" name="email" type="email" required placeholder="you@demo.example">
<button>Sign in</button>
</form>
</main>
</html>
`;
