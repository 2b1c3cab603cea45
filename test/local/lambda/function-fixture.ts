import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Clock, virtualClock } from '../../../local/clock.ts';
import { createLambda, type FunctionSettings, type Lambda, type LambdaOptions } from '../../../local/lambda/lambda.ts';
import { shareClock } from '../../../local/lambda/virtual-time.ts';

export type LambdaFixture = {
  lambda: Lambda;
  clock: Clock;
  directory: string;
  /** @param source of `index.mjs`, which exports `handler` */
  add(name: string, source: string, settings?: Partial<FunctionSettings>): void;
  stop(): Promise<void>;
};

/** Lambda with functions from source text, in threads as in the stack. */
export function startLambda(options: Partial<LambdaOptions> = {}): LambdaFixture {
  const directory = mkdtempSync(path.join(tmpdir(), 'lambda-'));
  const { clock, time } = shareClock(virtualClock(new DatabaseSync(':memory:')));
  const lambda = createLambda({ directory, time, account: '111111111111', region: 'eu-central-1', ...options });
  return {
    lambda,
    clock,
    directory,
    add(name, source, settings = {}) {
      const codeDirectory = path.join(directory, 'code', name);
      mkdirSync(codeDirectory, { recursive: true });
      writeFileSync(path.join(codeDirectory, 'index.mjs'), source);
      lambda.register({
        name,
        alias: name,
        codeDirectory,
        handler: 'index.handler',
        timeoutSeconds: 3,
        memoryMb: 128,
        accessKeyId: `local-${name}`,
        awsEndpointUrl: 'http://127.0.0.1:4512',
        variables: {},
        ...settings,
      });
    },
    async stop() {
      await lambda.stop();
      clock.stop();
    },
  };
}

/** Waits for something that happens in another thread. */
export async function eventually(check: () => boolean, timeoutMs = 5000): Promise<void> {
  for (const until = Date.now() + timeoutMs; !check(); ) {
    if (Date.now() > until) throw new Error(`still not: ${check}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
