/** `outcome_unknown` → `Outcome unknown` */
export const words = (value: string): string => {
  const text = value.replaceAll('_', ' ').toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** `api_key.created` → `Api key: created` */
export const actionWords = (action: string): string => words(action.replace('.', ': '));
