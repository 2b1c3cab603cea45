import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import type { Draft } from './draft.ts';

const WAYS = [
  { value: 'copy_code', label: 'Copy code', description: 'A button copies it. For every phone, and for websites.' },
  { value: 'one_tap', label: 'One-tap', description: 'A button fills it into your Android app; elsewhere it copies.' },
  { value: 'zero_tap', label: 'Zero-tap', description: 'Your Android app gets it without a tap; elsewhere it copies.' },
];

type Props = { draft: Draft; onChange: (part: Partial<Draft>) => void };

/** Meta writes the text; parts of it are switched on. */
export function OtpPreset({ draft, onChange }: Props) {
  return (
    <SpaceBetween size="m">
      <FormField label="Text" description="Meta's, in the language you choose.">
        <Textarea value="{{1}} is your verification code." disabled rows={2} />
      </FormField>
      <Checkbox checked={draft.security} onChange={({ detail }) => onChange({ security: detail.checked })}>
        Add “For your security, do not share this code.”
      </Checkbox>
      <FormField label="The code ends after" constraintText="1 to 90 minutes; empty says nothing of it.">
        <Input type="number" value={draft.minutes} onChange={({ detail }) => onChange({ minutes: detail.value })} />
      </FormField>
      <FormField label="How the code gets into the app">
        <RadioGroup
          value={draft.way}
          items={WAYS}
          onChange={({ detail }) => onChange({ way: detail.value as Draft['way'] })}
        />
      </FormField>
      {draft.way !== 'copy_code' && <AndroidApp draft={draft} onChange={onChange} />}
      <FormField label="Label of the copy button" constraintText={`${draft.button.length} of 25 characters.`}>
        <Input value={draft.button} onChange={({ detail }) => onChange({ button: detail.value.slice(0, 25) })} />
      </FormField>
      <FormField label="Meta tries to deliver it for" constraintText="30 to 900 seconds; empty for Meta's 600.">
        <Input
          type="number"
          value={draft.ttl}
          placeholder="600"
          onChange={({ detail }) => onChange({ ttl: detail.value })}
        />
      </FormField>
    </SpaceBetween>
  );
}

function AndroidApp({ draft, onChange }: Props) {
  return (
    <SpaceBetween size="m">
      <FormField label="Android package">
        <Input
          value={draft.packageName}
          placeholder="com.example.shop"
          onChange={({ detail }) => onChange({ packageName: detail.value })}
        />
      </FormField>
      <FormField label="Signature hash" constraintText="Of the key the app is signed with, 11 characters.">
        <Input
          value={draft.signatureHash}
          placeholder="K8a/AINcGX7"
          onChange={({ detail }) => onChange({ signatureHash: detail.value })}
        />
      </FormField>
      <FormField label="Label of the autofill button" constraintText={`${draft.autofill.length} of 25 characters.`}>
        <Input value={draft.autofill} onChange={({ detail }) => onChange({ autofill: detail.value.slice(0, 25) })} />
      </FormField>
      {draft.way === 'zero_tap' && (
        <Checkbox
          checked={draft.isTermsAccepted}
          onChange={({ detail }) => onChange({ isTermsAccepted: detail.checked })}
        >
          I accept Meta's terms of zero-tap: people expect the code to be filled in for them.
        </Checkbox>
      )}
    </SpaceBetween>
  );
}
