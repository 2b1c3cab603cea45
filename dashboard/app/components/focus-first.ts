import type { InputProps } from '@cloudscape-design/components/input';

/**
 * The `ref` of a dialog's first field. A dialog that opens gives the focus to its own close button, and `autoFocus` comes
 * before that; this comes after. One function for all: made anew with each keystroke it would take the focus again.
 */
export const focusFirst = (field: InputProps.Ref | null): void => {
  if (field) setTimeout(() => field.focus());
};
