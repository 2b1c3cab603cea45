import { expect, test } from '@jest/globals';
import type { Template } from '../../../../shared/store/template-store.ts';
import { needsOf } from '../../../../shared/templates/components.ts';
import { fillTemplate } from '../../../../shared/templates/fill.ts';
import { shownContent } from '../../../../shared/templates/shown-content.ts';

test('numbered variables go out by their numbers, wherever they are in the text', () => {
  const components = [{ type: 'BODY', text: 'Order {{2}} for {{1}} is on its way, {{1}}.' }];
  const needs = needsOf({ components, parameterFormat: 'POSITIONAL' } as unknown as Template);
  const filled = fillTemplate(needs, { variables: ['Ada', 'A-42'] }, false);
  expect(filled).toEqual([
    {
      type: 'body',
      parameters: [
        { type: 'text', text: 'Ada' },
        { type: 'text', text: 'A-42' },
      ],
    },
  ]);
  expect(shownContent(needs, filled, false).body).toBe('Order A-42 for Ada is on its way, Ada.');
});
