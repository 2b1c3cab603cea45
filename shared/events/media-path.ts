import { EXTERNAL_PREFIX } from '../routes.ts';

/** Where a tenant fetches the file of a message with its API key; below the API's own host. */
export const mediaPath = (messageId: string): string => `/api${EXTERNAL_PREFIX}/messages/${messageId}/media`;
