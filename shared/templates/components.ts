import * as z from 'zod';
import type { Template } from '../store/template-store.ts';

// A template as Meta lists it, read for what a send of it needs: meta-cloud-api §2.3, §4.2.

const Button = z.looseObject({ type: z.string(), text: z.string().optional(), url: z.string().optional() });
const Header = z.looseObject({ format: z.string().default('TEXT'), text: z.string().default('') });
const Body = z.looseObject({ text: z.string().default('') });
const Buttons = z.looseObject({ buttons: z.array(Button).default([]) });

/** Header formats that carry a file or a place, which is given with every send: what Meta shows at review is a sample. */
const MEDIA_FORMATS = { IMAGE: 'image', VIDEO: 'video', DOCUMENT: 'document', LOCATION: 'location' } as const;
export type HeaderMedia = (typeof MEDIA_FORMATS)[keyof typeof MEDIA_FORMATS];

/** Buttons that take a value with a send; Meta's `sub_type` of them. */
export type ButtonKind = 'url' | 'quick_reply' | 'copy_code';

export type TemplateNeeds = {
  isNamed: boolean;
  /** Text of the body, for history. */
  bodyText: string;
  /** Names of the body's variables in order, `1`, `2` … where they are positional. */
  body: string[];
  /** The one variable of a text header, a media header, or nothing to give. */
  header: { kind: 'text'; name: string } | { kind: HeaderMedia } | null;
  /** By the button's index from 0. A quick reply's payload may be left out. */
  buttons: { index: number; kind: ButtonKind; isRequired: boolean }[];
};

/** Names inside `{{…}}`, each once, in the order they appear. */
export const variablesOf = (text: string): string[] => [
  ...new Set(Array.from(text.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g), ([, name]) => name ?? '')),
];

/** What has to be given with a send of a template. */
export function needsOf({ components, parameterFormat }: Template): TemplateNeeds {
  const part = (type: string) => components.find((component) => component.type.toUpperCase() === type);
  const bodyText = Body.safeParse(part('BODY')).data?.text ?? '';
  const isNamed = parameterFormat === 'NAMED';
  const body = variablesOf(bodyText);
  return {
    isNamed,
    bodyText,
    // Meta fills numbers by their place in the list, wherever they are in the text (meta-cloud-api §2.3).
    body: isNamed ? body : body.sort((one, other) => Number(one) - Number(other)),
    header: headerOf(part('HEADER')),
    buttons: (Buttons.safeParse(part('BUTTONS')).data?.buttons ?? []).flatMap(toButton),
  };
}

function headerOf(component: unknown): TemplateNeeds['header'] {
  const header = Header.safeParse(component).data;
  if (!header) return null;
  const kind = Object.entries(MEDIA_FORMATS).find(([format]) => format === header.format.toUpperCase())?.[1];
  if (kind) return { kind };
  const [name] = variablesOf(header.text);
  return name === undefined ? null : { kind: 'text', name };
}

function toButton({ type, url = '' }: z.output<typeof Button>, index: number): TemplateNeeds['buttons'] {
  switch (type.toUpperCase()) {
    case 'URL':
      return variablesOf(url).length > 0 ? [{ index, kind: 'url', isRequired: true }] : [];
    case 'COPY_CODE':
      return [{ index, kind: 'copy_code', isRequired: true }];
    case 'QUICK_REPLY':
      return [{ index, kind: 'quick_reply', isRequired: false }];
    default:
      return [];
  }
}
