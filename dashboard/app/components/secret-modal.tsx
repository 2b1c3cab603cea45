import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useEffect, useState } from 'react';
import { Code } from './code.tsx';

type Props = {
  title: string;
  /** Held by whoever shows this, and dropped when it closes: in no address, storage, cache or log. */
  secret: string;
  /** Name of the variable it will live in. */
  variable: string;
  tryIt?: string;
  children?: ReactNode;
  onClose: () => void;
};

/** Shows a secret, this once. */
export function SecretModal({ title, secret, variable, tryIt, children, onClose }: Props) {
  const [isShown, setShown] = useState(false);
  const [copied, setCopied] = useState<string>();
  const [isAsking, setAsking] = useState(false);
  const isCopied = copied !== undefined && !copied.startsWith('!');

  useEffect(() => {
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    if (isCopied) return;
    addEventListener('beforeunload', hold);
    return () => removeEventListener('beforeunload', hold);
  }, [isCopied]);

  const copy = async (text: string, what: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(`${what} is copied.`);
      setAsking(false);
    } catch {
      setShown(true);
      setCopied('!The browser does not let us copy: mark the text and copy it by hand.');
    }
  };
  const close = () => (isCopied || isAsking ? onClose() : setAsking(true));

  return (
    <Modal
      visible
      size="large"
      header={title}
      closeAriaLabel="Close"
      onDismiss={close}
      footer={
        <Box float="right">
          <Button variant={isCopied ? 'primary' : 'normal'} onClick={close}>
            {isAsking && !isCopied ? 'Close without a copy' : 'Done'}
          </Button>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {isAsking && !isCopied ? (
          <Alert type="error" header="You have not copied it">
            It will not be shown again: whoever needs it would need a new one. Copy it, or close all the same.
          </Alert>
        ) : (
          <Alert type="warning" header="It is shown only now">
            Put it where your backend keeps its secrets. We keep no copy that could be read.
          </Alert>
        )}
        <Code label="secret" canCopy={false} text={isShown ? secret : `${secret.slice(0, 6)}${'•'.repeat(28)}`} />
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="primary" iconName="copy" onClick={() => copy(secret, 'The secret')}>
            Copy
          </Button>
          <Button onClick={() => copy(`${variable}=${secret}`, 'The line')}>Copy as .env line</Button>
          <Button onClick={() => setShown(!isShown)}>{isShown ? 'Hide' : 'Reveal'}</Button>
        </SpaceBetween>
        <div role="status">{copied?.replace(/^!/, '')}</div>
        {tryIt && (
          <div>
            <Box variant="p">With the secret in {variable}, this says what the key is:</Box>
            <Code label="curl command" text={tryIt} />
          </div>
        )}
        {children}
      </SpaceBetween>
    </Modal>
  );
}
