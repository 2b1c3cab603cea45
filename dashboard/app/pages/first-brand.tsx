import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { oncePoster } from '../api/once-poster.ts';
import type { Brand } from '../api/types.ts';
import { useApi } from '../auth/session.tsx';
import { ErrorBox } from '../components/error-box.tsx';
import { GatedButton } from '../components/gated-button.tsx';
import { Page } from '../components/page.tsx';

/** An organisation without a brand has one thing to do. */
export function FirstBrand() {
  const api = useApi();
  const [postOnce] = useState(() => oncePoster(api));
  const [name, setName] = useState('');
  const create = useMutation({
    mutationFn: () => postOnce<Brand>('/brands', { name }),
    onSuccess: ({ id }) => location.assign(`${import.meta.env.BASE_URL}?brand=${id}`),
  });
  return (
    <Page
      title="Create your first brand"
      description="A brand has its own WhatsApp number, API keys, history and webhook endpoint."
    >
      <Container>
        <SpaceBetween size="m">
          <FormField label="Name of the brand">
            <Input value={name} onChange={({ detail }) => setName(detail.value)} placeholder="Acme Pizza" />
          </FormField>
          {create.isError && <ErrorBox error={create.error} />}
          <GatedButton
            needs="owner"
            variant="primary"
            disabled={name.trim() === ''}
            loading={create.isPending}
            onClick={() => create.mutate()}
          >
            Create brand
          </GatedButton>
        </SpaceBetween>
      </Container>
    </Page>
  );
}
