import { applyTheme, type Theme } from '@cloudscape-design/components/theming';
import { applyMode, Mode } from '@cloudscape-design/global-styles';

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/** Teal of our own, in steps that keep 4.5 : 1 on their ground. */
const teal = { light: '#0b6e6a', dark: '#4fd1c5' };
const tealHover = { light: '#075551', dark: '#81e6d9' };
const tealPale = { light: '#e6f5f3', dark: '#0f2f2d' };
const onTeal = { light: '#ffffff', dark: '#06231f' };
const ink = { light: '#16262b', dark: '#e2ecec' };
const quiet = { light: '#51646b', dark: '#9fb3b8' };
const line = { light: '#dbe4e5', dark: '#29383e' };
const page = { light: '#f6f9f9', dark: '#0d1519' };
const card = { light: '#ffffff', dark: '#131e23' };

const theme: Theme = {
  tokens: {
    fontFamilyBase: FONT,
    fontFamilyHeading: FONT,
    borderRadiusContainer: '12px',
    borderRadiusButton: '8px',
    borderRadiusInput: '8px',
    borderRadiusAlert: '10px',
    borderRadiusBadge: '6px',
    borderRadiusDropdown: '10px',
    borderRadiusItem: '8px',
    borderRadiusFlashbar: '10px',
    borderRadiusPopover: '10px',
    borderRadiusTiles: '10px',
    borderRadiusToken: '8px',
    colorTextAccent: teal,
    colorTextBodyDefault: ink,
    colorTextBodySecondary: quiet,
    colorTextHeadingDefault: ink,
    colorTextHeadingSecondary: quiet,
    colorTextLabel: ink,
    colorTextLinkDefault: teal,
    colorTextLinkHover: tealHover,
    colorTextBreadcrumbCurrent: quiet,
    colorBackgroundLayoutMain: page,
    colorBackgroundContainerContent: card,
    colorBackgroundContainerHeader: card,
    colorBorderDividerDefault: line,
    colorBackgroundButtonPrimaryDefault: teal,
    colorBackgroundButtonPrimaryHover: tealHover,
    colorBackgroundButtonPrimaryActive: tealHover,
    colorTextButtonPrimaryDefault: onTeal,
    colorTextButtonPrimaryHover: onTeal,
    colorTextButtonPrimaryActive: onTeal,
    colorBorderButtonNormalDefault: teal,
    colorBorderButtonNormalHover: tealHover,
    colorBorderButtonNormalActive: tealHover,
    colorTextButtonNormalDefault: teal,
    colorTextButtonNormalHover: tealHover,
    colorTextButtonNormalActive: tealHover,
    colorBackgroundButtonNormalHover: tealPale,
    colorBackgroundButtonNormalActive: tealPale,
    colorTextButtonLinkDefault: teal,
    colorTextButtonLinkHover: tealHover,
    colorBackgroundButtonLinkHover: tealPale,
    colorTextButtonInlineIconDefault: teal,
    colorTextButtonInlineIconHover: tealHover,
    colorTextLinkButtonNormalDefault: teal,
    colorTextLinkButtonNormalHover: tealHover,
    colorBackgroundControlChecked: teal,
    colorBackgroundItemSelected: tealPale,
    colorBorderItemSelected: teal,
    colorBorderItemFocused: teal,
    colorBackgroundToggleCheckedDisabled: line,
    colorBackgroundProgressBarValueDefault: teal,
    colorTextLayoutToggleHover: teal,
    colorChartsPaletteCategorical1: teal,
  },
  contexts: {
    'top-navigation': {
      tokens: {
        colorBackgroundContainerContent: { light: '#0d2b2e', dark: '#0a1215' },
        colorTextInteractiveDefault: { light: '#d9ecea', dark: '#c9dcdc' },
        colorTextInteractiveHover: '#ffffff',
        colorTextInteractiveActive: '#ffffff',
        colorTextAccent: '#7fe3d8',
      },
    },
  },
};

export type Look = 'auto' | 'light' | 'dark';
const KEY = 'quixess.look';

export const lookNow = (): Look => {
  const kept = localStorage.getItem(KEY);
  return kept === 'light' || kept === 'dark' ? kept : 'auto';
};

const prefersDark = matchMedia('(prefers-color-scheme: dark)');

function show(): void {
  const look = lookNow();
  const isDark = look === 'dark' || (look === 'auto' && prefersDark.matches);
  applyMode(isDark ? Mode.Dark : Mode.Light);
  document.documentElement.style.colorScheme = isDark ? 'dark' : 'light';
}

export function setLook(look: Look): void {
  localStorage.setItem(KEY, look);
  show();
}

export function startTheme(): void {
  applyTheme({ theme });
  show();
  prefersDark.addEventListener('change', show);
}
