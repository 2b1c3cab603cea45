/** `outcome_unknown` → `Outcome unknown` */
export const words = (value: string): string => {
  const text = value
    .replaceAll('_', ' ')
    .toLowerCase()
    .replace(/\b(?:api|otp|url)\b/g, (short) => short.toUpperCase());
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** `api_key.created` → `API key: created` */
export const actionWords = (action: string): string => words(action.replace('.', ': '));
