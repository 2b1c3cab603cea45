import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Scope } from '../../../../shared/scopes.ts';
import { oncePoster } from '../../api/once-poster.ts';
import type { ApiKey, Brand, WithSecret } from '../../api/types.ts';
import { useApi } from '../../auth/session.tsx';
import { ErrorBox } from '../../components/error-box.tsx';
import { focusFirst } from '../../components/focus-first.ts';
import { asWished, isLimitWrong, KeyLimits, limitsOf } from './key-limits.tsx';
import { afterDays, LIVES } from './lives.ts';
import { ScopePicker } from './scope-picker.tsx';

type Props = { brand: Brand; onMinted: (minted: WithSecret<ApiKey>) => void; onClose: () => void };

export default function MintKey({ brand, onMinted, onClose }: Props) {
  const api = useApi();
  const [postOnce] = useState(() => oncePoster(api));
  const queries = useQueryClient();
  // The end counts from here: pressed again after a lost answer, it asks the very same.
  const [openedAt] = useState(() => Date.now());
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<Scope[]>(['whatsapp:send_otp']);
  const [days, setDays] = useState('');
  const [isTest, setTest] = useState(false);
  const [limits, setLimits] = useState(limitsOf);
  const mint = useMutation({
    gcTime: 0,
    mutationFn: () =>
      postOnce<WithSecret<ApiKey>>('/api-keys', {
        brand_id: brand.id,
        name: name.trim(),
        scopes,
        ...(isTest && { mode: 'test' }),
        ...(days && { expires_at: afterDays(days, openedAt) }),
        ...given(asWished(limits)),
      }),
    onSuccess: (minted) => {
      void queries.invalidateQueries({ queryKey: ['/api-keys'] });
      // From here on the secret is held by what shows it, and by nothing else.
      mint.reset();
      onMinted(minted);
    },
  });
  return (
    <Modal
      visible
      size="large"
      header={`Mint a key for ${brand.name}`}
      onDismiss={onClose}
      closeAriaLabel="Close"
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Cancel
            </Button>
            <Button
              variant="primary"
              loading={mint.isPending}
              disabled={name.trim() === '' || scopes.length === 0 || isLimitWrong(limits)}
              onClick={() => mint.mutate()}
            >
              {`Create key with ${scopes.length} ${scopes.length === 1 ? 'scope' : 'scopes'}`}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="l">
        <FormField label="Name" description="The backend that will use it: you will look for it by this name.">
          <Input
            value={name}
            ref={focusFirst}
            placeholder="Signup service"
            onChange={({ detail }) => setName(detail.value)}
          />
        </FormField>
        <ScopePicker chosen={scopes} onChange={setScopes} />
        <FormField label="Ends">
          <Select
            options={LIVES}
            selectedOption={LIVES.find(({ value }) => value === days) ?? null}
            onChange={({ detail }) => setDays(detail.selectedOption.value ?? '')}
          />
        </FormField>
        <Checkbox
          checked={isTest}
          description="Nothing is sent to WhatsApp; its events are delivered all the same."
          onChange={({ detail }) => setTest(detail.checked)}
        >
          Sandbox key
        </Checkbox>
        <ExpandableSection headerText="Limits">
          <KeyLimits limits={limits} scopes={scopes} onChange={setLimits} />
        </ExpandableSection>
        {mint.isError && <ErrorBox error={mint.error} />}
      </SpaceBetween>
    </Modal>
  );
}

const given = (limits: ReturnType<typeof asWished>) =>
  Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== null));
