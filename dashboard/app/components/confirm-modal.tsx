import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { ErrorBox } from './error-box.tsx';
import { focusFirst } from './focus-first.ts';

type Props = {
  title: string;
  /** What will happen, to what. */
  children: ReactNode;
  confirm: string;
  /** Has to be typed first: for what cannot be undone. */
  typed?: string;
  isBusy?: boolean;
  isDisabled?: boolean;
  error?: unknown;
  onConfirm: () => void;
  onClose: () => void;
};

/** Asks before something ends or goes out: names the object, and the effect. */
export function ConfirmModal({
  title,
  children,
  confirm,
  typed,
  isBusy = false,
  isDisabled = false,
  error,
  onConfirm,
  onClose,
}: Props) {
  const [text, setText] = useState('');
  return (
    <Modal
      visible
      header={title}
      closeAriaLabel="Close"
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Cancel
            </Button>
            <Button
              variant="primary"
              onClick={onConfirm}
              loading={isBusy}
              disabled={isDisabled || (typed !== undefined && text !== typed)}
            >
              {confirm}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <div>{children}</div>
        {typed !== undefined && (
          <FormField label={`Type ${typed} to confirm`}>
            <Input
              value={text}
              onChange={({ detail }) => setText(detail.value)}
              ref={focusFirst}
              autoComplete={false}
            />
          </FormField>
        )}
        {error ? <ErrorBox error={error} /> : null}
      </SpaceBetween>
    </Modal>
  );
}
