/** `MetaUpdates` → `meta-updates`. */
export const kebab = (id: string): string => id.replace(/(?<=[a-z\d])([A-Z])/g, '-$1').toLowerCase();
