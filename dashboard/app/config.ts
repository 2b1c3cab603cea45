/** What the same build has to know of where it runs; served beside it, never cached. */
export type AppConfig = {
  api_base: string;
  /** The OIDC issuer. */
  authority: string;
  client_id: string;
  stage: string;
};

export async function loadConfig(): Promise<AppConfig> {
  const response = await fetch(`${import.meta.env.BASE_URL}config.json`, { cache: 'no-store' });
  const config: Partial<AppConfig> = response.ok ? await response.json() : {};
  const { api_base, authority, client_id, stage } = config;
  if (!api_base || !authority || !client_id) throw new Error('config.json says nothing of how to sign in');
  return { api_base, authority, client_id, stage: stage ?? 'unknown' };
}
