import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import { I18nProvider } from '@cloudscape-design/components/i18n';
import messages from '@cloudscape-design/components/i18n/messages/all.en';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { ProblemError } from './api/client.ts';
import type { Auth } from './auth/oidc.ts';
import { SessionProvider } from './auth/session.tsx';
import { type Start, start } from './auth/start.ts';
import { ErrorBox } from './components/error-box.tsx';
import { queryClient } from './query-client.ts';
import { router } from './router.tsx';

// Once, also where React mounts twice: a code can be redeemed once.
const started = start();

export function App() {
  const [state, setState] = useState<Start>({ kind: 'starting' });
  useEffect(() => {
    started.then(setState);
  }, []);
  return (
    <I18nProvider locale="en" messages={[messages]}>
      <Started state={state} />
    </I18nProvider>
  );
}

function Started({ state }: { state: Start }) {
  switch (state.kind) {
    case 'starting':
      return (
        <Centre>
          <Spinner size="large" />
        </Centre>
      );
    case 'signed-out':
      return <SignIn auth={state.auth} />;
    case 'broken':
      return <Broken error={state.error} auth={state.auth} />;
    case 'signed-in':
      return (
        <QueryClientProvider client={queryClient}>
          <SessionProvider session={state.session}>
            <RouterProvider router={router} />
          </SessionProvider>
        </QueryClientProvider>
      );
  }
}

const Centre = ({ children }: { children: ReactNode }) => <main className="centre">{children}</main>;

function SignIn({ auth }: { auth: Auth }) {
  const [error, setError] = useState<unknown>();
  const signIn = () => auth.signIn(location.pathname + location.search).catch(setError);
  useEffect(() => {
    document.title = 'Sign in · Quixess';
  }, []);
  return (
    <Centre>
      <Container>
        <Box padding="l" textAlign="center">
          <SpaceBetween size="l" alignItems="center">
            <img src={`${import.meta.env.BASE_URL}icon.svg`} width="48" height="48" alt="" />
            <Box variant="h1">Quixess</Box>
            <Box color="text-body-secondary">Send WhatsApp messages and receive events, from your own backend.</Box>
            <Button variant="primary" onClick={signIn}>
              Sign in
            </Button>
            {error !== undefined && (
              <Alert type="error" header="The sign-in page does not answer">
                Nothing of yours is lost. Try again in a moment.
              </Alert>
            )}
            <Link href="/developers">Read the developer page</Link>
          </SpaceBetween>
        </Box>
      </Container>
    </Centre>
  );
}

function Broken({ error, auth }: { error: unknown; auth: Auth | undefined }) {
  const isRefused = error instanceof ProblemError && [401, 403].includes(error.problem.status);
  return (
    <Centre>
      <SpaceBetween size="m">
        {isRefused ? (
          <Alert type="info" header="You belong to no organisation yet">
            Ask an owner of your organisation to invite the address you signed in with, then sign in again.
          </Alert>
        ) : (
          <ErrorBox error={error} onRetry={() => location.assign(import.meta.env.BASE_URL)} />
        )}
        {auth && <Button onClick={() => auth.signOut()}>Sign out</Button>}
      </SpaceBetween>
    </Centre>
  );
}
