import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Scope } from '../../../../shared/scopes.ts';
import { PRESETS, SCOPE_GROUPS, SCOPE_WORDS } from '../../scope-words.ts';

type Props = { chosen: readonly Scope[]; onChange: (scopes: Scope[]) => void };

/** The seven scopes in groups, each with what it lets a backend do. */
export function ScopePicker({ chosen, onChange }: Props) {
  const toggle = (scope: Scope, isOn: boolean) =>
    onChange(isOn ? [...chosen, scope] : chosen.filter((one) => one !== scope));
  return (
    <FormField label="What the key may do" description="As little as the backend needs. It can be changed later.">
      <SpaceBetween size="m">
        <SpaceBetween direction="horizontal" size="xs">
          {PRESETS.map(({ name, scopes }) => (
            <Button key={name} onClick={() => onChange([...scopes])} formAction="none">
              {name}
            </Button>
          ))}
        </SpaceBetween>
        {SCOPE_GROUPS.map(({ title, scopes }) => (
          <fieldset key={title} className="plain-fieldset">
            <legend>
              <Box fontWeight="bold" color="text-body-secondary">
                {title}
              </Box>
            </legend>
            <SpaceBetween size="xs">
              {scopes.map((scope) => (
                <Checkbox
                  key={scope}
                  checked={chosen.includes(scope)}
                  description={SCOPE_WORDS[scope].sentence}
                  onChange={({ detail }) => toggle(scope, detail.checked)}
                >
                  {SCOPE_WORDS[scope].name} <code>{scope}</code>
                </Checkbox>
              ))}
            </SpaceBetween>
          </fieldset>
        ))}
      </SpaceBetween>
    </FormField>
  );
}

/** Not two orders of the same scopes for the same thing. */
export const sameScopes = (one: readonly Scope[], other: readonly Scope[]): boolean =>
  one.length === other.length && one.every((scope) => other.includes(scope));
