/** Native ESM, TypeScript through esbuild's transform; see test/support/transform.mjs. */
const project = (name, extra = {}) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/support/transform.mjs' },
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/cdk.out', '<rootDir>/.local'],
  ...extra,
});

export default {
  // A running stack is asked for most of it, and a cold function on a busy machine takes a second. What hangs, still fails.
  testTimeout: 30_000,
  projects: ['unit', 'infra', 'local', 'integration', 'e2e', 'browser'].map((name) => project(name)),
};
