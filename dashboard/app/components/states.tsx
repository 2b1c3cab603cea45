import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';

/** Nothing yet: what it will be, and the one thing to do next. */
export function FirstRun({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <Box textAlign="center" padding={{ vertical: 'xl' }} color="inherit">
      <SpaceBetween size="s" alignItems="center">
        <Box variant="h3">{title}</Box>
        <Box color="text-body-secondary">{children}</Box>
        {action}
      </SpaceBetween>
    </Box>
  );
}

/** The filter finds nothing. */
export function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <Box textAlign="center" padding={{ vertical: 'xl' }} color="inherit">
      <SpaceBetween size="s" alignItems="center">
        <Box variant="h3">Nothing matches the filter</Box>
        <Button onClick={onClear}>Clear filters</Button>
      </SpaceBetween>
    </Box>
  );
}

/** A filter of which the newest rows have none; the older ones are not looked through yet. */
export function LookFurther({ onLook }: { onLook: () => void }) {
  return (
    <Box textAlign="center" padding={{ vertical: 'xl' }} color="inherit">
      <SpaceBetween size="s" alignItems="center">
        <Box variant="h3">None among the newest</Box>
        <Button onClick={onLook}>Look further back</Button>
      </SpaceBetween>
    </Box>
  );
}

export function NoPermission({ detail }: { detail: string }) {
  return (
    <Alert type="info" header="Your role does not include this">
      {detail}
    </Alert>
  );
}

/** While the first answer is on its way; later ones come in under what is shown. */
export function Loading({ rows = 3, label = 'Loading' }: { rows?: number; label?: string }) {
  return (
    <Container>
      <div role="status" aria-label={label}>
        <SpaceBetween size="s">
          {Array.from({ length: rows }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
            <div key={row} className="skeleton" />
          ))}
        </SpaceBetween>
      </div>
    </Container>
  );
}

/** There is no brand, or no number, and the page is about one. */
export function NeedsConnection({ action, children }: { action: ReactNode; children: ReactNode }) {
  return (
    <Container>
      <FirstRun title="No WhatsApp number is connected" action={action}>
        {children}
      </FirstRun>
    </Container>
  );
}
