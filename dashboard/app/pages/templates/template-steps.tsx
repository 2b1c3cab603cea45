import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import Tiles from '@cloudscape-design/components/tiles';
import { TEMPLATE_LANGUAGES } from '../../../../shared/templates/languages.ts';
import { Json } from '../../components/code.tsx';
import { ErrorBox } from '../../components/error-box.tsx';
import { type Draft, shownOfDraft, submission, variableCount } from './draft.ts';
import { OtpPreset } from './otp-preset.tsx';
import { PhonePreview } from './phone-preview.tsx';

export type Change = (part: Partial<Draft>) => void;
type StepProps = { draft: Draft; onChange: Change; said?: string | undefined };

export function KindStep({ draft, onChange }: StepProps) {
  return (
    <Container>
      <FormField label="What it is for">
        <Tiles
          value={draft.kind}
          onChange={({ detail }) => {
            const kind = detail.value as Draft['kind'];
            onChange({
              kind,
              name: kind === 'otp' ? draft.name || 'signup_otp' : draft.name === 'signup_otp' ? '' : draft.name,
            });
          }}
          items={[
            { value: 'otp', label: 'One-time password', description: "Meta's own text, approved in about an hour." },
            {
              value: 'UTILITY',
              label: 'Utility',
              description: 'About something the person did: an order, a booking. About a day.',
            },
            { value: 'MARKETING', label: 'Marketing', description: 'Offers and news. About a day.' },
          ]}
        />
      </FormField>
    </Container>
  );
}

export function ContentStep({ draft, onChange, said }: StepProps) {
  return (
    <ColumnLayout columns={2}>
      <Container>
        <SpaceBetween size="l">
          <NameFields draft={draft} onChange={onChange} />
          {draft.kind === 'otp' ? (
            <OtpPreset draft={draft} onChange={onChange} />
          ) : (
            <Text draft={draft} onChange={onChange} />
          )}
          {said && <Alert type="error">{said}</Alert>}
        </SpaceBetween>
      </Container>
      <PhonePreview shown={shownOfDraft(draft)} />
    </ColumnLayout>
  );
}

export function CopyStep({ draft, from, onChange, said }: StepProps & { from: string }) {
  return (
    <Container>
      <SpaceBetween size="l">
        <Box>The copy has all that {from.split('.')[0]} has, under another name or in another language.</Box>
        <NameFields draft={draft} onChange={onChange} />
        {said && <Alert type="error">{said}</Alert>}
      </SpaceBetween>
    </Container>
  );
}

const LANGUAGES = [...TEMPLATE_LANGUAGES].sort().map((value) => ({ value, label: value }));

function NameFields({ draft, onChange }: StepProps) {
  return (
    <SpaceBetween size="m">
      <FormField label="Name" constraintText="Small letters, digits and underscores.">
        <Input value={draft.name} onChange={({ detail }) => onChange({ name: detail.value })} />
      </FormField>
      <FormField label="Language">
        <Select
          options={LANGUAGES}
          filteringType="auto"
          filteringAriaLabel="Find a language"
          selectedOption={{ value: draft.language, label: draft.language }}
          onChange={({ detail }) => onChange({ language: detail.selectedOption.value ?? 'en_US' })}
        />
      </FormField>
    </SpaceBetween>
  );
}

function Text({ draft, onChange }: StepProps) {
  const { header, body, examples, footer, quickReplies } = draft;
  const setExample = (index: number, value: string) =>
    onChange({ examples: Object.assign([...examples], { [index]: value }) });
  return (
    <SpaceBetween size="m">
      <FormField label="Header" constraintText={`Optional, ${header.length} of 60 characters.`}>
        <Input value={header} onChange={({ detail }) => onChange({ header: detail.value.slice(0, 60) })} />
      </FormField>
      <FormField
        label="Text"
        description="Variables are {{1}}, {{2}} … in order; neither first nor last, and not side by side."
        constraintText={`${body.length} of 1,024 characters.`}
      >
        <Textarea value={body} rows={5} onChange={({ detail }) => onChange({ body: detail.value.slice(0, 1024) })} />
      </FormField>
      {Array.from({ length: variableCount(body) }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place is what the variable is called
        <FormField key={index} label={`Example for {{${index + 1}}}`}>
          <Input value={examples[index] ?? ''} onChange={({ detail }) => setExample(index, detail.value)} />
        </FormField>
      ))}
      <FormField label="Footer" constraintText={`Optional, ${footer.length} of 60 characters.`}>
        <Input value={footer} onChange={({ detail }) => onChange({ footer: detail.value.slice(0, 60) })} />
      </FormField>
      <FormField label="Quick replies" description="Optional, one to a line.">
        <Textarea value={quickReplies} rows={2} onChange={({ detail }) => onChange({ quickReplies: detail.value })} />
      </FormField>
    </SpaceBetween>
  );
}

export function ReviewStep({ draft, error }: { draft: Draft; error: unknown }) {
  return (
    <SpaceBetween size="l">
      <ColumnLayout columns={2}>
        <PhonePreview shown={shownOfDraft(draft)} />
        <SpaceBetween size="s">
          <Alert type="info" header="What Meta looks at">
            {draft.kind === 'otp'
              ? 'Codes only: no links, no other text. About an hour.'
              : 'The category has to fit the text, and the examples have to look like what you will send.'}
          </Alert>
          <Json label="submission" value={submission(draft)} />
        </SpaceBetween>
      </ColumnLayout>
      {error ? <ErrorBox error={error} /> : null}
    </SpaceBetween>
  );
}
