import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { ProblemError } from '../api/client.ts';
import { CopyId } from './copy-id.tsx';
import { NoPermission } from './states.tsx';

/** What went wrong, what to do, and what to tell support. */
export function ErrorBox({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  if (!(error instanceof ProblemError)) {
    return (
      <Alert type="error" header="This page ran into a fault" action={retry(onRetry)}>
        Reload the page. If it stays like this, tell support what you did.
      </Alert>
    );
  }
  const { title, detail, fix, request_id, errors, code } = error.problem;
  if (code === 'insufficient_role') return <NoPermission detail={`${detail} Ask an owner of your organisation.`} />;
  return (
    <Alert type="error" header={title} action={retry(onRetry)}>
      <SpaceBetween size="xs">
        {detail && detail !== title && <div>{detail}</div>}
        {errors.length > 0 && (
          <ul className="plain-list">
            {errors.map(({ pointer, message }) => (
              <li key={pointer + message}>
                <Box variant="code" display="inline">
                  {pointer}
                </Box>{' '}
                {message}
              </li>
            ))}
          </ul>
        )}
        {fix && <div>{fix}</div>}
        {request_id && (
          <div>
            Request <CopyId value={request_id} label="request id" />
          </div>
        )}
      </SpaceBetween>
    </Alert>
  );
}

const retry = (onRetry: (() => void) | undefined) => onRetry && <Button onClick={onRetry}>Try again</Button>;
