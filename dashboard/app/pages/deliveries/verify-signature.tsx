import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import { Code } from '../../components/code.tsx';

/** HMAC-SHA256 of the raw body as `X-Quixess-Signature-256` has it: the key is the secret as shown, its prefix with it. */
export async function signatureOf(secret: string, body: string): Promise<string> {
  const bytes = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytes.encode(secret), algorithm, false, ['sign']);
  const signed = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes.encode(body)));
  return `sha256=${[...signed].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** Recomputes a signature here in the page. What is pasted leaves neither the page nor this component. */
export function VerifySignature() {
  const [secret, setSecret] = useState('');
  const [body, setBody] = useState('');
  const [header, setHeader] = useState('');
  const [computed, setComputed] = useState<string>();
  const verify = async () => setComputed(await signatureOf(secret.trim(), body));
  const isEqual = computed === header.trim();
  return (
    <SpaceBetween size="m">
      <p>
        Paste what your endpoint received. Each attempt has its own <code>delivered_at</code>, so it has to be the raw
        body of that very request. Nothing of it is sent or kept.
      </p>
      <FormField label="Signing secret">
        <Input type="password" value={secret} autoComplete={false} onChange={({ detail }) => setSecret(detail.value)} />
      </FormField>
      <FormField label="Raw body">
        <Textarea value={body} rows={4} onChange={({ detail }) => setBody(detail.value)} />
      </FormField>
      <FormField label="X-Quixess-Signature-256">
        <Input value={header} placeholder="sha256=…" onChange={({ detail }) => setHeader(detail.value)} />
      </FormField>
      <Button disabled={secret === '' || body === ''} onClick={verify}>
        Verify
      </Button>
      {computed && (
        <div role="status">
          {header.trim() !== '' && (
            <StatusIndicator type={isEqual ? 'success' : 'error'}>
              {isEqual ? 'It matches.' : 'It does not match: another secret, or another body, byte by byte.'}
            </StatusIndicator>
          )}
          <Code label="computed signature" text={computed} />
        </div>
      )}
    </SpaceBetween>
  );
}
