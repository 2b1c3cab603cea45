import FormField from '@cloudscape-design/components/form-field';
import Input, { type InputProps } from '@cloudscape-design/components/input';
import type { Ref } from 'react';

type Props = { value: string; onChange: (value: string) => void; ref?: Ref<InputProps.Ref> };

/** Meta's token, which nobody sees, not even who types it. */
export const AccessToken = ({ value, onChange, ref }: Props) => (
  <FormField
    label="Access token"
    description="Of a system user, without an end. It goes into a vault, and is never shown again."
  >
    <Input
      type="password"
      autoComplete={false}
      value={value}
      {...(ref && { ref })}
      onChange={({ detail }) => onChange(detail.value)}
    />
  </FormField>
);
