import type { Message } from '../../api/types.ts';

/** A line for lists and bubbles; the code of a one-time password is never in it. */
export function messageText({ type, content, template }: Message): string {
  for (const name of ['body', 'text', 'caption']) {
    const value = content[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  if (template) return `${template.name} (${template.language})`;
  return `[${type}]`;
}

export const whoOf = ({ contact }: Pick<Message, 'contact'>): string =>
  contact ? (contact.name ?? contact.phone ?? contact.username ?? contact.user_id ?? 'Somebody') : 'Unknown';
