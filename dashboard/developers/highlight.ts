import { createHighlighterCore, createJavaScriptRegexEngine } from 'shiki';
import bash from 'shiki/langs/bash.mjs';
import go from 'shiki/langs/go.mjs';
import http from 'shiki/langs/http.mjs';
import java from 'shiki/langs/java.mjs';
import javascript from 'shiki/langs/javascript.mjs';
import json from 'shiki/langs/json.mjs';
import php from 'shiki/langs/php.mjs';
import python from 'shiki/langs/python.mjs';
import dark from 'shiki/themes/github-dark-high-contrast.mjs';
import light from 'shiki/themes/github-light-high-contrast.mjs';
import { escapeText, Html } from './html.ts';

const languages = { bash, go, http, java, javascript, json, php, python };
export type Grammar = keyof typeof languages;

const highlighter = await createHighlighterCore({
  langs: Object.values(languages),
  themes: [light, dark],
  engine: createJavaScriptRegexEngine({ forgiving: true }),
});

type Colors = { light: string; dark: string };

/** Pairs of colours in use, by their class. Inline styles would need a hole in the page's content security policy. */
const classes = new Map<string, Colors & { name: string }>();

/** Tokens in the colour of nearly everything need no markup. */
const PLAIN = { light: light.colors?.['editor.foreground'], dark: dark.colors?.['editor.foreground'] };

/** Code with a class for each kind of token. */
export function highlight(code: string, grammar: Grammar): Html {
  const lines = highlighter.codeToTokensWithThemes(code, {
    lang: grammar,
    themes: { light: light.name ?? '', dark: dark.name ?? '' },
  });
  const marked = lines.map((line) => {
    const runs: { text: string; name: string | undefined }[] = [];
    for (const { content, variants } of line) {
      const name = content.trim() === '' ? runs.at(-1)?.name : classOf(variants.light?.color, variants.dark?.color);
      const last = runs.at(-1);
      if (last && last.name === name) last.text += content;
      else runs.push({ text: content, name });
    }
    return runs
      .map(({ text, name }) => (name ? `<i class=${name}>${escapeText(text)}</i>` : escapeText(text)))
      .join('');
  });
  return new Html(marked.join('\n'));
}

function classOf(light = '', dark = ''): string | undefined {
  if (isSame(light, PLAIN.light) && isSame(dark, PLAIN.dark)) return undefined;
  const key = `${light}/${dark}`.toLowerCase();
  const known = classes.get(key);
  if (known) return known.name;
  const name = `t${classes.size}`;
  classes.set(key, { name, light, dark });
  return name;
}

const isSame = (a: string, b: string | undefined): boolean => a.toLowerCase() === b?.toLowerCase();

/** The colours of everything highlighted so far, as rules: light, then dark. */
export function highlightStyles(): string {
  const rules = (theme: keyof Colors): string =>
    [...classes.values()].map((pair) => `.${pair.name}{color:${pair[theme].toLowerCase()}}`).join('');
  return `${rules('light')}@media (prefers-color-scheme:dark){${rules('dark')}}`;
}
