import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { useApi, useSession } from '../auth/session.tsx';
import { useBrand } from '../brand.tsx';
import { Code } from '../components/code.tsx';
import { CopyId } from '../components/copy-id.tsx';
import { ErrorBox } from '../components/error-box.tsx';
import { Page } from '../components/page.tsx';
import { LinkButton, RouterLink } from '../components/router-link.tsx';
import { Loading } from '../components/states.tsx';
import { firstOtpCurl } from '../curl.ts';
import { Attention } from './attention.tsx';
import { Figures } from './figures.tsx';
import { type FirstStep, firstSteps, overviewOf } from './first-steps.ts';

export default function Overview() {
  const api = useApi();
  const brand = useBrand();
  const brandId = brand?.id ?? '';
  const query = useQuery({
    queryKey: ['overview', brandId],
    queryFn: () => overviewOf(api, brandId),
    // The list ticks itself while somebody works through it.
    refetchInterval: ({ state }) =>
      state.data && firstSteps(state.data).every(({ isDone }) => isDone) ? 60_000 : 5_000,
  });
  return (
    <Page
      title="Overview"
      description={
        brand && (
          <>
            {brand.name} <CopyId value={brand.id} label="brand id" />
          </>
        )
      }
    >
      {query.isPending && <Loading rows={5} />}
      {query.isError && !query.data && <ErrorBox error={query.error} onRetry={() => query.refetch()} />}
      {query.data && <FirstSteps steps={firstSteps(query.data)} />}
      {query.data && <Attention facts={query.data} />}
      {query.data?.connection && <Figures />}
      {query.data && <SendOne template={query.data.otpTemplate} />}
    </Page>
  );
}

function FirstSteps({ steps }: { steps: FirstStep[] }) {
  const done = steps.filter(({ isDone }) => isDone).length;
  if (done === steps.length)
    return (
      <Container header={<Header variant="h2">You are set up</Header>}>
        <ColumnLayout columns={3} variant="text-grid">
          <Shortcut to="/whatsapp/messages" title="Messages" text="Every message, in and out, and what became of it." />
          <Shortcut
            to="/webhooks/deliveries"
            title="Deliveries"
            text="Every event we sent you, each attempt, and replay."
          />
          <Shortcut
            to="/settings/api-keys"
            title="API keys"
            text="What your backends may do, and when a key was last used."
          />
        </ColumnLayout>
      </Container>
    );
  const next = steps.find(({ isDone }) => !isDone);
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={`(${done} of ${steps.length})`}
          description="Each step ticks itself when it is done."
        >
          First steps
        </Header>
      }
    >
      <ol className="first-steps">
        {steps.map((step) => (
          <li key={step.title} data-done={step.isDone}>
            <span className="tick" role="img" aria-label={step.isDone ? 'Done' : 'To do'}>
              {step.isDone ? '✓' : ''}
            </span>
            <div>
              <Box fontWeight="bold">{step.title}</Box>
              <Box color="text-body-secondary">{step.text}</Box>
            </div>
            {!step.isDone && step.to && (
              <LinkButton to={step.to} variant={step === next ? 'primary' : 'normal'}>
                {step.action}
              </LinkButton>
            )}
          </li>
        ))}
      </ol>
    </Container>
  );
}

function Shortcut({ to, title, text }: { to: string; title: string; text: string }) {
  return (
    <SpaceBetween size="xxs">
      <RouterLink to={to} fontSize="heading-s">
        {title}
      </RouterLink>
      <Box color="text-body-secondary">{text}</Box>
    </SpaceBetween>
  );
}

function SendOne({ template }: { template: string | undefined }) {
  const { config } = useSession();
  const brand = useBrand();
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`Sends a one-time password as ${brand?.name}. The brand comes from the API key; put the key into QUIXESS_API_KEY first.`}
        >
          Send a code
        </Header>
      }
    >
      <Code label="curl command" text={firstOtpCurl({ origin: location.origin + config.api_base, brand, template })} />
    </Container>
  );
}
