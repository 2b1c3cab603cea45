import { SCOPES, type Scope } from '../../shared/scopes.ts';

/** What a scope lets a backend do, in a sentence. */
export const SCOPE_WORDS: Record<Scope, { name: string; sentence: string }> = {
  'whatsapp:send_otp': { name: 'Send OTP', sentence: 'Send one-time passwords, and nothing else.' },
  'whatsapp:send_template': { name: 'Send Template', sentence: 'Send any approved template to anybody.' },
  'whatsapp:reply': {
    name: 'Reply',
    sentence: 'Answer people within 24 hours: text, files, buttons, reactions, read receipts.',
  },
  'whatsapp:read_templates': { name: 'Read Templates', sentence: 'List templates and what a send of each needs.' },
  'whatsapp:read_messages': { name: 'Read Messages', sentence: 'Read the messages of the brand, and their files.' },
  'whatsapp:read_conversations': {
    name: 'Read Conversations',
    sentence: 'See who wrote, and whether replies are possible now.',
  },
  'whatsapp:manage_webhooks': {
    name: 'Manage Webhook Events',
    sentence: 'List events with their attempts, replay and recover them, send a test event.',
  },
};

export const SCOPE_GROUPS: { title: string; scopes: readonly Scope[] }[] = [
  { title: 'Send', scopes: ['whatsapp:send_otp', 'whatsapp:send_template', 'whatsapp:reply'] },
  { title: 'Read', scopes: ['whatsapp:read_templates', 'whatsapp:read_messages', 'whatsapp:read_conversations'] },
  { title: 'Webhooks', scopes: ['whatsapp:manage_webhooks'] },
];

export const PRESETS: { name: string; scopes: readonly Scope[] }[] = [
  { name: 'Only codes', scopes: ['whatsapp:send_otp'] },
  {
    name: 'Support desk',
    scopes: ['whatsapp:reply', 'whatsapp:read_messages', 'whatsapp:read_conversations'],
  },
  {
    name: 'Read only',
    scopes: ['whatsapp:read_templates', 'whatsapp:read_messages', 'whatsapp:read_conversations'],
  },
  { name: 'All', scopes: SCOPES },
];
