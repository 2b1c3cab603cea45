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
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 4rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff }
  button { font: inherit; display: block; width: 100%; text-align: left; padding: .7rem 1rem; margin: .5rem 0; border: 1px solid #767676; border-radius: 8px; background: #fff; cursor: pointer }
  button:hover, button:focus { background: #eef6f5 }
  input { font: inherit; width: 100%; box-sizing: border-box; padding: .6rem .8rem; border: 1px solid #767676; border-radius: 8px }
  small { color: #555 }
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
