import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../..');
const filesOf = (folder: string) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(folder, file));

/** What a file imports: `functions/send-otp`, `shared`, `infra` … for our own, the name of the package for others'. */
function importsOf(file: string): string[] {
  const source = readFileSync(path.join(root, file), 'utf8');
  return [...source.matchAll(/(?:from|import\()\s*'([^']+)'|^import '([^']+)'/gm)].map(([, from, bare]) => {
    const name = from ?? bare ?? '';
    return name.startsWith('.') ? areaOf(path.join(path.dirname(file), name)) : name;
  });
}

const areaOf = (file: string): string => {
  const [top = '', second = ''] = file.split(path.sep);
  return top === 'functions' ? `functions/${second}` : top;
};

/** Folder → the parts of the project its files may import. */
const ALLOWED: [string, (file: string) => string[]][] = [
  ['functions', (file) => ['shared', areaOf(file)]],
  ['infra', () => ['shared', 'infra']],
  ['shared', () => ['shared']],
];
const AREA = /^(functions\/.*|infra|shared|local|test|events|dashboard|sdk|cli|bench)$/;

test.each(ALLOWED)('%s imports only what it may', (folder, allowedFor) => {
  const wrong = filesOf(folder).flatMap((file) =>
    importsOf(file)
      .filter((name) => AREA.test(name) && !allowedFor(file).includes(name))
      .map((name) => `${file} imports ${name}`),
  );
  expect(wrong).toEqual([]);
});

test('the CDK is imported by infra alone', () => {
  const files = ['functions', 'shared', 'local'].flatMap(filesOf);
  expect(
    files.filter((file) => importsOf(file).some((name) => /^(aws-cdk-lib|constructs|cdk-nag)/.test(name))),
  ).toEqual([]);
});

test('the imports of a file are seen', () => {
  expect(importsOf('functions/send-otp/handler.ts')).toEqual(expect.arrayContaining(['functions/send-otp', 'shared']));
});
