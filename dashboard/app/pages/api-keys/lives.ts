const DAY_MS = 24 * 60 * 60 * 1000;

/** How long a key may live, days; empty for ever. */
export const LIVES = [
  { value: '', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
];

export const afterDays = (days: string, fromMs = Date.now()): string | null =>
  days === '' ? null : new Date(fromMs + Number(days) * DAY_MS).toISOString();
