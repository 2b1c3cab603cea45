import type { Endpoint } from './document.ts';

export type Sample = { language: 'curl' | 'Node' | 'Python'; grammar: 'bash' | 'javascript' | 'python'; code: string };

const KEY = 'qxs_YOUR_KEY';
const IDEMPOTENCY_KEY = '7c4a8d09-ca37-4d1b-a5b3-9f8e2c1d4e6f';

/** The same call in three languages, ready to paste. */
export function samplesOf(endpoint: Endpoint, host: string): Sample[] {
  const url = `${host}${addressOf(endpoint)}`;
  return [
    { language: 'curl', grammar: 'bash', code: curl(endpoint, url) },
    { language: 'Node', grammar: 'javascript', code: node(endpoint, url) },
    { language: 'Python', grammar: 'python', code: python(endpoint, url) },
  ];
}

/** The path with examples in place of its parameters. */
function addressOf({ path, parameters }: Endpoint): string {
  return path.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const example = parameters.find((parameter) => parameter.name === name)?.example;
    return typeof example === 'string' ? encodeURIComponent(example) : whole;
  });
}

function headersOf({ scope, bodyExample, parameters }: Endpoint): [string, string][] {
  const isIdempotent = parameters.some(({ name }) => name === 'Idempotency-Key');
  return [
    ...(scope === 'public' ? [] : ([['X-API-Key', KEY]] as [string, string][])),
    ...(bodyExample === undefined ? [] : ([['Content-Type', 'application/json']] as [string, string][])),
    ...(isIdempotent ? ([['Idempotency-Key', IDEMPOTENCY_KEY]] as [string, string][]) : []),
  ];
}

const json = (value: unknown): string => JSON.stringify(value, null, 2);

function curl(endpoint: Endpoint, url: string): string {
  const { method, bodyExample } = endpoint;
  const lines = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}'${url}'`,
    ...headersOf(endpoint).map(([name, value]) => `-H '${name}: ${value}'`),
    ...(bodyExample === undefined ? [] : [`-d '${indented(json(bodyExample)).replaceAll("'", "'\\''")}'`]),
  ];
  return lines.join(' \\\n  ');
}

function node(endpoint: Endpoint, url: string): string {
  const { method, bodyExample } = endpoint;
  const headers = headersOf(endpoint).map(([name, value]) => `    '${name}': '${value}',`);
  const options = [
    ...(method === 'GET' ? [] : [`  method: '${method}',`]),
    ...(headers.length > 0 ? ['  headers: {', ...headers, '  },'] : []),
    ...(bodyExample === undefined ? [] : [`  body: JSON.stringify(${indented(json(bodyExample))}),`]),
  ];
  const call =
    options.length > 0
      ? [`const response = await fetch('${url}', {`, ...options, '});']
      : [`const response = await fetch('${url}');`];
  return [...call, 'console.log(await response.json());'].join('\n');
}

function python(endpoint: Endpoint, url: string): string {
  const { method, bodyExample } = endpoint;
  const headers = headersOf(endpoint).filter(([name]) => name !== 'Content-Type');
  return [
    'import requests',
    '',
    `response = requests.${method.toLowerCase()}(`,
    `    "${url}",`,
    ...(headers.length > 0
      ? ['    headers={', ...headers.map(([name, value]) => `        "${name}": "${value}",`), '    },']
      : []),
    ...(bodyExample === undefined ? [] : [`    json=${asPython(bodyExample)},`]),
    ')',
    'print(response.json())',
  ].join('\n');
}

const indented = (text: string): string => text.replaceAll('\n', '\n  ');

/** JSON with Python's names for true, false and null, four spaces deep. */
const asPython = (value: unknown): string =>
  JSON.stringify(value, null, 4)
    .replace(/(: |^ *)(true|false|null)\b/gm, (_whole, before: string, word: string) => {
      return before + ({ true: 'True', false: 'False', null: 'None' }[word] ?? word);
    })
    .replaceAll('\n', '\n    ');
