import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const site = path.resolve(import.meta.dirname, '../../dist/site');
mkdirSync(path.join(site, 'developers'), { recursive: true });
writeFileSync(
  path.join(site, 'developers/index.html'),
  '<!doctype html><html lang="en"><title>Developer API</title><p><a href="/api/openapi.json">The API as an OpenAPI document</a></p></html>',
);
