import * as z from 'zod';
import { AwsError, parseJson } from '../wire.ts';
import { syntaxErrors } from './expressions.ts';

/** Any JSON; strings `{% … %}` inside are expressions. */
const Template = z.unknown();
const ErrorEquals = z.array(z.string()).min(1);
/** A number, or an expression that gives one. */
const NumberOrExpression = z.union([z.number(), z.string().regex(/^\{%.*%\}$/s, 'must be a number or {% … %}')]);

const common = { Comment: z.string().optional(), QueryLanguage: z.literal('JSONata').optional() };
const Assign = z.record(z.string(), Template).optional();
const output = { Output: Template.optional(), Assign };
const flow = { Next: z.string().optional(), End: z.boolean().optional() };

const Retrier = z.strictObject({
  ErrorEquals,
  IntervalSeconds: z.number().int().min(1).default(1),
  MaxAttempts: z.number().int().min(0).default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.number().int().min(1).optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).default('NONE'),
  Comment: z.string().optional(),
});
const Catcher = z.strictObject({ ErrorEquals, Next: z.string(), ...output, Comment: z.string().optional() });

const Task = z.strictObject({
  Type: z.literal('Task'),
  Resource: z.string(),
  Arguments: Template.optional(),
  TimeoutSeconds: NumberOrExpression.optional(),
  Retry: z.array(Retrier).optional(),
  Catch: z.array(Catcher).optional(),
  ...common,
  ...output,
  ...flow,
});
const Wait = z.strictObject({
  Type: z.literal('Wait'),
  Seconds: NumberOrExpression.optional(),
  Timestamp: z.string().optional(),
  ...common,
  ...output,
  ...flow,
});
const Choice = z.strictObject({
  Type: z.literal('Choice'),
  Choices: z
    .array(
      z.strictObject({
        Condition: z.union([z.boolean(), z.string()]),
        Next: z.string(),
        Comment: z.string().optional(),
        ...output,
      }),
    )
    .min(1),
  Default: z.string().optional(),
  ...common,
  ...output,
});
const Pass = z.strictObject({ Type: z.literal('Pass'), ...common, ...output, ...flow });
const Succeed = z.strictObject({ Type: z.literal('Succeed'), ...common, Output: Template.optional() });
const Fail = z.strictObject({
  Type: z.literal('Fail'),
  Error: z.string().optional(),
  Cause: z.string().optional(),
  ...common,
});
const State = z.discriminatedUnion('Type', [Task, Wait, Choice, Pass, Succeed, Fail]);
const Definition = z.strictObject({
  StartAt: z.string(),
  QueryLanguage: z.literal('JSONata'),
  States: z.record(z.string(), State),
  TimeoutSeconds: z.number().int().positive().optional(),
  Comment: z.string().optional(),
  Version: z.string().optional(),
});

export type Definition = z.output<typeof Definition>;
export type State = z.output<typeof State>;
export type TaskState = z.output<typeof Task>;
export type WaitState = z.output<typeof Wait>;
export type ChoiceState = z.output<typeof Choice>;
export type FailState = z.output<typeof Fail>;

/** Task resources that are emulated, after `arn:<partition>:`. A plain function ARN is one, too. */
const RESOURCE = /^arn:[\w-]+:(states:::(lambda:invoke|sqs:sendMessage)|lambda:[\w-]+:\d+:function:.+)$/;

/**
 * Reads a state machine in JSONata.
 * @throws InvalidDefinition naming, with its place, every state type, field, resource or expression that is not
 * emulated or not valid
 */
export function parseDefinition(definition: unknown): Definition {
  const parsed = Definition.safeParse(typeof definition === 'string' ? parseJson(definition) : definition);
  if (!parsed.success) throw invalid(parsed.error.issues.map(describe));
  const faults = [...flowFaults(parsed.data), ...syntaxErrors(parsed.data.States, 'States')];
  if (faults.length > 0) throw invalid(faults);
  return parsed.data;
}

const invalid = (faults: string[]) =>
  new AwsError('InvalidDefinition', `Invalid State Machine Definition: ${faults.join('; ')}`);

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') return `${path}: not emulated by the local stack: ${issue.keys.join(', ')}`;
  if (issue.code === 'invalid_union' && issue.path.at(-1) === 'Type')
    return `${path}: state type is not emulated by the local stack`;
  return `${path}: ${issue.message}`;
}

/** Targets that do not exist, states with no way on, fields that exclude each other. */
function flowFaults({ StartAt, States }: Definition): string[] {
  const faults: string[] = [];
  const target = (from: string, to: string | undefined): void => {
    if (to !== undefined && !Object.hasOwn(States, to)) faults.push(`${from}: no state named ${to}`);
  };
  target('StartAt', StartAt);
  for (const [name, state] of Object.entries(States)) {
    if ('Next' in state) target(`${name}.Next`, state.Next);
    if (state.Type === 'Task' || state.Type === 'Wait' || state.Type === 'Pass') {
      if ((state.Next === undefined) === (state.End !== true)) faults.push(`${name}: needs either Next or End`);
    }
    if (state.Type === 'Wait' && (state.Seconds === undefined) === (state.Timestamp === undefined))
      faults.push(`${name}: needs either Seconds or Timestamp`);
    if (state.Type === 'Choice') {
      target(`${name}.Default`, state.Default);
      for (const choice of state.Choices) target(`${name}.Choices`, choice.Next);
    }
    if (state.Type === 'Task') {
      for (const catcher of state.Catch ?? []) target(`${name}.Catch`, catcher.Next);
      if (!RESOURCE.test(state.Resource))
        faults.push(`${name}.Resource: not emulated by the local stack: ${state.Resource}`);
    }
  }
  return faults;
}
