import type * as z from 'zod';

/** An answer of AWS that is an error: its code, as SDKs show it in `error.name`, and a message. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;
  /** SQS's name of the error in its older protocol, which its SDKs show beside the code. */
  readonly queryCode: string | undefined;
  constructor(code: string, message: string, status = 400, queryCode?: string) {
    super(message);
    this.code = code;
    this.status = status;
    this.queryCode = queryCode;
  }
}

/** One request as its operation sees it. */
export type Call = {
  accessKeyId: string;
  principal: string;
  /** Throws AccessDeniedException unless the caller may. */
  authorize(action: string, resourceArn: string): void;
  /** Aborted when the caller hangs up: a long poll must not take messages for nobody. */
  signal: AbortSignal;
};
export type Operation = (body: unknown, call: Call) => unknown;

/**
 * Binds an operation to the shape of its request. Shapes are strict: a field that is not emulated is refused by name,
 * so that nothing works here that would do something else on AWS.
 */
export const operation =
  <Schema extends z.ZodType>(schema: Schema, run: (request: z.output<Schema>, call: Call) => unknown): Operation =>
  (body, call) => {
    const parsed = schema.safeParse(body);
    if (!parsed.success) throw new AwsError('ValidationException', explain(parsed.error));
    return run(parsed.data, call);
  };

/** Says in one line what is wrong with a request, naming fields that are not emulated. */
function explain(error: z.ZodError): string {
  return error.issues
    .map((issue) => {
      const path = issue.path.join('.');
      if (issue.code === 'unrecognized_keys')
        return `not emulated by the local stack: ${issue.keys.map((key) => (path ? `${path}.${key}` : key)).join(', ')}`;
      return `${path || 'request'}: ${issue.message}`;
    })
    .join('; ');
}

/** Parses text that a caller wrote as JSON. @returns undefined when it is not JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
