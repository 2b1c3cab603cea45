import { filled, type Shown } from './shown-template.ts';

/** What somebody has typed so far. */
export type Draft = {
  kind: 'otp' | 'UTILITY' | 'MARKETING';
  name: string;
  language: string;
  // the preset
  security: boolean;
  minutes: string;
  button: string;
  /** How the code gets into the app. */
  way: 'copy_code' | 'one_tap' | 'zero_tap';
  autofill: string;
  packageName: string;
  signatureHash: string;
  isTermsAccepted: boolean;
  ttl: string;
  // a text of one's own
  header: string;
  body: string;
  examples: string[];
  footer: string;
  quickReplies: string;
};

export const emptyDraft = (kind: Draft['kind']): Draft => ({
  kind,
  name: kind === 'otp' ? 'signup_otp' : '',
  language: 'en_US',
  security: true,
  minutes: '10',
  button: 'Copy code',
  way: 'copy_code',
  autofill: 'Autofill',
  packageName: '',
  signatureHash: '',
  isTermsAccepted: false,
  ttl: '',
  header: '',
  body: '',
  examples: [],
  footer: '',
  quickReplies: '',
});

export const variableCount = (body: string): number =>
  Math.max(0, ...[...body.matchAll(/\{\{(\d+)\}\}/g)].map(([, number]) => Number(number)));

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

/** What is sent; the API checks all of it once more. */
export function submission(draft: Draft): object {
  const { kind, name, language } = draft;
  if (kind === 'otp') {
    const minutes = Number(draft.minutes);
    return {
      ...{ kind: 'otp', name, language, security_recommendation: draft.security },
      ...(minutes > 0 && { code_expiration_minutes: minutes }),
      button: otpButton(draft),
      ...(draft.ttl !== '' && { message_ttl_seconds: Number(draft.ttl) }),
    };
  }
  const count = variableCount(draft.body);
  const replies = lines(draft.quickReplies);
  return {
    ...{ kind: 'message', name, language, category: kind },
    ...(draft.header.trim() && { header: { format: 'TEXT', text: draft.header.trim() } }),
    body: { text: draft.body.trim(), ...(count > 0 && { examples: draft.examples.slice(0, count) }) },
    ...(draft.footer.trim() && { footer: draft.footer.trim() }),
    ...(replies.length > 0 && { buttons: replies.map((text) => ({ type: 'QUICK_REPLY', text })) }),
  };
}

function otpButton({ way, button, autofill, packageName, signatureHash, isTermsAccepted }: Draft): object {
  const said = { kind: way, ...(button.trim() && { text: button.trim() }) };
  if (way === 'copy_code') return said;
  return {
    ...said,
    ...(autofill.trim() && { autofill_text: autofill.trim() }),
    supported_apps: [{ package_name: packageName.trim(), signature_hash: signatureHash.trim() }],
    ...(way === 'zero_tap' && { zero_tap_terms_accepted: isTermsAccepted }),
  };
}

export function shownOfDraft(draft: Draft): Shown {
  if (draft.kind !== 'otp')
    return {
      header: draft.header,
      body: filled(draft.body, draft.examples) || 'Your text',
      footer: draft.footer,
      buttons: lines(draft.quickReplies),
    };
  const minutes = Number(draft.minutes);
  return {
    body: `482913 is your verification code.${draft.security ? ' For your security, do not share this code.' : ''}`,
    footer: minutes > 0 ? `This code expires in ${minutes} minutes.` : undefined,
    buttons: [draft.way === 'one_tap' ? draft.autofill || 'Autofill' : draft.button || 'Copy code'],
  };
}

/** Why the next step cannot come yet; undefined where it can. */
export function incomplete(draft: Draft): string | undefined {
  if (!/^[a-z0-9_]{1,512}$/.test(draft.name)) return 'A name has small letters, digits and underscores.';
  if (draft.kind === 'otp') return incompletePreset(draft);
  if (draft.body.trim() === '') return 'Write the text.';
  const missing = Array.from({ length: variableCount(draft.body) }, (_, index) => index).find(
    (index) => !draft.examples[index]?.trim(),
  );
  return missing === undefined ? undefined : `Give an example for {{${missing + 1}}}: Meta looks at it.`;
}

const isWithin = (text: string, least: number, most: number): boolean =>
  text === '' || (/^\d+$/.test(text) && Number(text) >= least && Number(text) <= most);

function incompletePreset({ minutes, ttl, way, packageName, signatureHash, isTermsAccepted }: Draft) {
  if (!isWithin(minutes, 1, 90)) return 'A code lives for 1 to 90 minutes.';
  if (!isWithin(ttl, 30, 900)) return 'Meta tries for 30 to 900 seconds.';
  if (way === 'copy_code') return undefined;
  if (!packageName.includes('.')) return 'Give the name of the Android package, such as com.example.shop.';
  if (signatureHash.trim().length !== 11) return 'The hash of the key the app is signed with has 11 characters.';
  if (way === 'zero_tap' && !isTermsAccepted) return "Zero-tap takes that you accept Meta's terms of it.";
  return undefined;
}
