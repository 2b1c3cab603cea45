import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EndpointContract } from '../shared/http/contract.ts';
import { type Documented, openApiDocument } from '../shared/openapi/document.ts';
import { ROUTES } from '../shared/routes.ts';

const root = path.resolve(import.meta.dirname, '..');
export const OPENAPI_FILE = path.join(root, 'openapi.json');

/** The routes that are documented, each with the contract beside its function. @throws for one without */
export async function documentedEndpoints(): Promise<Documented[]> {
  const external = ROUTES.filter(({ auth }) => auth.kind !== 'meta' && auth.kind !== 'canary');
  return Promise.all(
    external.map(async (route) => {
      const { contract }: { contract?: EndpointContract } = await import(`../functions/${route.function}/schema.ts`);
      if (!contract) throw new Error(`functions/${route.function}/schema.ts exports no contract`);
      return { route, contract };
    }),
  );
}

/** The document as `openapi.json` holds it. */
export async function openApiText(): Promise<string> {
  const { version }: { version: string } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return `${JSON.stringify(openApiDocument(await documentedEndpoints(), version), null, 2)}\n`;
}

if (import.meta.main) {
  writeFileSync(OPENAPI_FILE, await openApiText());
  console.log(`${path.relative(process.cwd(), OPENAPI_FILE)} written`);
}
