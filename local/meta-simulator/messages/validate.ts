import * as z from 'zod';
import { GraphError } from '../graph/error.ts';
import { UNMODELLED_INTERACTIVE } from './interactive-schema.ts';
import { Envelope, isMessageType, MESSAGE_TYPES, type MessageType, messageSchema } from './schema.ts';

/** Types Meta accepts and this simulator does not model. */
const UNMODELLED_TYPES: ReadonlySet<string> = new Set(['order', 'pin', 'group_invite']);

const Typed = z.object({ type: z.string() });

/** A send whose form is right: the envelope, the type and that type's content. */
export type ValidMessage = { envelope: Envelope; type: MessageType; content: unknown };

/** @throws GraphError as Meta refuses a malformed send */
export function validateMessage(body: Record<string, unknown>): ValidMessage {
  const type = body.type ?? 'text'; // documented: text when absent
  if (typeof type !== 'string') throw new GraphError(131009, { details: 'Param type must be a string.' });
  if (!isMessageType(type)) {
    if (UNMODELLED_TYPES.has(type)) throw new GraphError(131051, { details: `Message type ${type} is not supported.` });
    throw new GraphError(100, { details: `Param type must be one of {${MESSAGE_TYPES.join(', ').toUpperCase()}}.` });
  }
  const interactive = Typed.safeParse(body.interactive);
  if (type === 'interactive' && interactive.success && UNMODELLED_INTERACTIVE.has(interactive.data.type)) {
    throw new GraphError(131051, { details: `Interactive type ${interactive.data.type} is not supported.` });
  }
  const parsed = parseStrictly(messageSchema(type), body);
  const envelope = Envelope.parse(body);
  if (envelope.to === undefined && envelope.recipient === undefined) {
    throw new GraphError(100, { message: 'The parameter to is required.' });
  }
  if (type === 'reaction' && envelope.context !== undefined) {
    throw new GraphError(100, { details: 'Unexpected key "context" on a reaction.' });
  }
  return { envelope, type, content: Reflect.get(parsed, type) };
}

/** Parses with a schema; a mismatch becomes the error Graph would give for it. */
export function parseStrictly<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issues = result.error.issues;
  const isMissing = (issue: z.core.$ZodIssue) =>
    valueAt(body, issue.path) === undefined && issue.code !== 'custom' && issue.path.length > 0;
  // What is missing is named before what is wrong or too much, as Meta does.
  const issue = issues.find(isMissing) ?? issues[0];
  if (issue === undefined) throw result.error;
  if (isMissing(issue)) {
    if (issue.path.length === 1 && issue.path[0] === 'messaging_product') {
      throw new GraphError(100, { message: 'The parameter messaging_product is required.' });
    }
    throw new GraphError(131008, { details: `Parameter ${paramName(issue.path)} is required.` });
  }
  throw new GraphError(codeOf(issue), { details: detailsOf(issue) });
}

/** Misspelled keys and broken limits are 100, values of a wrong kind 131009 (meta-cloud-api §6). */
function codeOf(issue: z.core.$ZodIssue): number {
  switch (issue.code) {
    case 'custom': {
      const params = z.object({ graphCode: z.number() }).safeParse(issue.params);
      return params.success ? params.data.graphCode : 131009;
    }
    case 'unrecognized_keys':
    case 'too_big':
    case 'too_small':
      return 100;
    case 'invalid_value':
      return issue.path[0] === 'messaging_product' ? 100 : 131009;
    default:
      return 131009;
  }
}

function detailsOf(issue: z.core.$ZodIssue): string {
  const name = paramName(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.path.length === 0
        ? `Unexpected key "${issue.keys[0]}" on the message.`
        : `Unexpected key "${issue.keys[0]}" on param "${name}".`;
    case 'too_big':
      return `Param ${name} must not be longer than ${issue.maximum}.`;
    case 'too_small':
      return `Param ${name} must not be shorter than ${issue.minimum}.`;
    case 'invalid_value':
      return `Param ${name} must be one of {${issue.values.map(String).join(', ')}}.`;
    default:
      return `Param ${name}: ${issue.message}`;
  }
}

/** Meta's way to name a nested parameter: `template['components'][0]['type']`. */
function paramName(path: readonly PropertyKey[]): string {
  return path
    .map((part, depth) => (depth === 0 ? String(part) : typeof part === 'number' ? `[${part}]` : `['${String(part)}']`))
    .join('');
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    root,
  );
}
