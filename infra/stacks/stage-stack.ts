import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';

/** A stack of one stage. Constructs inside find the stage's settings here and need not be handed them one by one. */
export class StageStack extends Stack {
  readonly config: StageConfig;

  /** @param id what the stack is about, e.g. `data`; CloudFormation knows it as `quixess-<stage>-data` */
  constructor(scope: Construct, id: string, config: StageConfig) {
    super(scope, id, {
      stackName: resourceName(config, id),
      // The region only: the account is that of whoever deploys, and synthesis needs no credentials.
      env: { region: config.region },
      terminationProtection: config.data.deletionProtection,
      tags: { project: 'quixess-developer-api', stage: config.name },
    });
    this.config = config;
  }
}

/**
 * The settings of the stage a construct is in.
 * @throws for a construct outside of every {@link StageStack}
 */
export function configOf(scope: Construct): StageConfig {
  const stack = Stack.of(scope);
  if (stack instanceof StageStack) return stack.config;
  throw new Error(`${scope.node.path} is not in a StageStack`);
}

/** The physical name of what people look for in a console: functions, queues, the state machine. */
export const resourceName = (config: StageConfig, name: string): string => `quixess-${config.name}-${name}`;
