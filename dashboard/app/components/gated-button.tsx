import Button, { type ButtonProps } from '@cloudscape-design/components/button';
import type { Role } from '../../../shared/roles.ts';
import { useRefusal } from '../auth/session.tsx';

/** A button for what needs a role; who has not got it sees why. */
export function GatedButton({ needs, ...props }: ButtonProps & { needs: Role }) {
  const refusal = useRefusal(needs);
  if (refusal === undefined) return <Button {...props} />;
  const { onClick: _onClick, href: _href, onFollow: _onFollow, ...rest } = props;
  return <Button {...rest} disabled disabledReason={refusal} />;
}
