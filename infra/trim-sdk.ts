import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'esbuild';

/** Errors of DynamoDB whose fields we read (shared/store/conditional.ts, transaction.ts). Of any other, the name and message are enough. */
const ERRORS_WITH_FIELDS = new Set(['ConditionalCheckFailedException', 'TransactionCanceledException']);

export const HOSTS: Record<string, string> = {
  'client-dynamodb': 'dynamodb',
  'client-secrets-manager': 'secretsmanager',
  'client-sfn': 'states',
  'client-sqs': 'sqs',
};

/** What takes the place of a file: from what is in it, and where it is. */
type Replacement = { file: RegExp; why: string; contents: (source: string, file: string) => string };

const throwing = (name: string) =>
  `export class ${name} { constructor() { throw new Error('left out by trim-sdk.ts'); } }`;

/**
 * Parts of the AWS SDK that a function of ours carries and never uses. V8 reads all of a bundle at each cold start, and
 * makes most of what stands at its top level, so a part that is not used costs nearly what a used one does.
 */
const REPLACEMENTS: readonly Replacement[] = [
  {
    file: /@aws-sdk\/credential-provider-node\/dist-es\/index\.js$/,
    why: 'a function has its credentials in its environment',
    contents: () => `export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';`,
  },
  {
    file: /@smithy\/core\/dist-es\/submodules\/config\/shared-ini-file-loader\/loadSharedConfigFiles\.js$/,
    why: 'there is no ~/.aws, which would be looked for at the first call',
    contents: () => `export { CONFIG_PREFIX_SEPARATOR } from './constants';
export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });`,
  },
  {
    file: /@smithy\/core\/dist-es\/submodules\/config\/config-resolver\/regionConfig\/getInstanceMetadataRegion\.js$/,
    why: 'the region is in the environment',
    contents: () => 'export const getInstanceMetadataRegion = async () => undefined;',
  },
  {
    file: /@aws-sdk\/middleware-endpoint-discovery\/dist-es\/index\.js$/,
    why: 'Timestream has it; DynamoDB kept only the option, and a cache for it',
    contents: () => `const none = () => undefined;
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: none, configFileSelector: none, default: undefined,
};
export const resolveEndpointDiscoveryConfig = (input) => input;`,
  },
  {
    file: /@aws-sdk\/client-[^/]+\/dist-es\/endpoint\/endpointResolver\.js$/,
    why: 'one region, neither FIPS nor dual stack: three lines instead of rules, their interpreter and a list of partitions',
    contents: (_, file) => endpointResolver(HOSTS[/client-[^/]+/.exec(file)?.[0] ?? '']),
  },
  {
    file: /@aws-sdk\/client-[^/]+\/dist-es\/schemas\/schemas_0\.js$/,
    why: 'of about 90 classes of errors two are looked at, of 100 shapes ten; a computed key keeps each, for all esbuild knows',
    contents: (source) => {
      const registered = /^n0_registry\.registerError\((\w+)\$, \1\);$/gm;
      const shape = /^((?:export )?var \w+\$ = )(\[-?\d+, n0, [\s\S]*?\n?\]);$/gm;
      return source
        .replace(registered, (line, name) => (ERRORS_WITH_FIELDS.has(name) ? line : ''))
        .replace(shape, '$1/* @__PURE__ */ (() => $2)();');
    },
  },
  {
    file: /@aws-sdk\/core\/dist-es\/submodules\/client\/util-endpoints\/lib\/aws\/partitions\.js$/,
    why: 'only rules of endpoints, which are not here, ask for the list of regions',
    contents: () => 'export const partitionsInfo = { partitions: [] };',
  },
  {
    file: /@smithy\/core\/dist-es\/submodules\/checksum\/(?:sha256\/Sha256|md5\/Md5)Node\.js$/,
    why: 'node:crypto is always there: no try at each start, and no second implementation',
    contents: (source) =>
      source
        .replace(/const hasNativeCrypto = [\s\S]*?\n\}\)\(\);/, '')
        .replace(/hasNativeCrypto \? buildNativeClass\(\) : \w+/, 'buildNativeClass()'),
  },
  {
    file: /@aws-sdk\/lib-dynamodb\/dist-es\/pagination\/(?:Query|Scan)Paginator\.js$/,
    why: 'a call at the top level may do something, for all esbuild knows, and kept DynamoDB in who has no table',
    contents: (source) => source.replace('= createPaginator(', '= /* @__PURE__ */ createPaginator('),
  },
  {
    file: /@smithy\/core\/dist-es\/submodules\/serde\/index\.js$/,
    why: 'the crypto of browsers would be loaded, and asked whether it can do what node:crypto does',
    contents: (source) =>
      source
        .replace('import { getRandomValues } from "node:crypto"', 'import { randomUUID } from "node:crypto"')
        .replace(/^const _getRandomValues = .*\nexport const v4 = .*$/m, 'export const v4 = () => randomUUID();'),
  },
  {
    file: /@smithy\/core\/dist-es\/submodules\/serde\/util-body-length\/calculateBodyLength\.js$/,
    why: 'what we send are texts and bytes, never a file',
    contents: (source) =>
      source
        .replace(/^import .*node:fs.*$/m, '')
        .replace(/ {4}else if \(body instanceof ReadStream\) \{[\s\S]*?\n {4}\}\n/, ''),
  },
  {
    file: /@smithy\/core\/dist-es\/submodules\/retry\/util-retry\/AdaptiveRetryStrategy\.js$/,
    why: 'retries are of the standard kind',
    contents: () => throwing('AdaptiveRetryStrategy'),
  },
];

export function endpointResolver(host: string | undefined): string {
  if (!host) throw new Error('trim-sdk.ts does not know the host of this client');
  return `const hostOf = (region) => '${host}.' + region + (region.startsWith('cn-') ? '.amazonaws.com.cn' : '.amazonaws.com');
export const defaultEndpointResolver = ({ Endpoint, Region }) => ({
  url: new URL(Endpoint ?? 'https://' + hostOf(Region)), properties: {}, headers: {},
});`;
}

/** Refuses to build when a file is not there any more, or nothing is left to leave out: an update of the SDK moved it. */
export const trimSdk: Plugin = {
  name: 'trim-sdk',
  setup({ onLoad, onEnd }) {
    const met = new Set<Replacement>();
    for (const replacement of REPLACEMENTS) {
      onLoad({ filter: replacement.file }, async ({ path: file }) => {
        const source = await readFile(file, 'utf8');
        const contents = replacement.contents(source, file);
        if (contents !== source) met.add(replacement);
        return { contents, resolveDir: path.dirname(file) };
      });
    }
    // The whole file, for its version.
    onLoad({ filter: /@aws-sdk\/client-[^/]+\/package\.json$/ }, async ({ path: file }) => {
      const { version } = JSON.parse(await readFile(file, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
    onEnd(() => ({
      errors: REPLACEMENTS.filter((replacement) => !met.has(replacement)).map(({ file }) => ({
        text: `trim-sdk.ts: nothing like ${file} is in the bundles any more`,
      })),
    }));
  },
};
