import type { Duration } from 'aws-cdk-lib';
import type { StageStack } from '../stacks/stage-stack.ts';
import type { Severity } from './alarm.ts';
import { ApiFunction, type Environment } from './api-function.ts';

/** A function behind a gateway: who notices when it fails, and what it may use. */
export type Endpoint = {
  impact: string;
  /** @default `ticket` */
  severity?: Severity;
  timeout?: Duration;
  /** Megabytes. */
  memory?: number;
  environment?: Environment;
  uses: readonly ((fn: ApiFunction) => void)[];
};

/** One function for each endpoint, by the name of its folder, with exactly the rights its stores need. */
export const makeFunctions = (
  scope: StageStack,
  endpoints: Readonly<Record<string, Endpoint>>,
): Map<string, ApiFunction> =>
  new Map(
    Object.entries(endpoints).map(([name, { uses, environment, ...props }]) => {
      const fn = new ApiFunction(scope, pascal(name), {
        name,
        ...props,
        environment: { ERROR_DOCS_URL: scope.config.errorDocsUrl, ...environment },
      });
      for (const use of uses) use(fn);
      return [name, fn];
    }),
  );

/** `send-otp` → `SendOtp`: ids of constructs, which are never renamed. */
const pascal = (name: string): string =>
  name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
