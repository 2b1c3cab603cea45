import { randomTraceId } from '../random-ids.ts';
import { ERROR_CODES } from './error-codes.ts';

type GraphErrorOptions = {
  /** What `error_data.details` says: the only text a client may rely on beside the code. */
  details?: string;
  /** Replaces the code's usual text in `message`. */
  message?: string;
  httpStatus?: number;
  subcode?: number;
  /** Template endpoints explain themselves here, in the account's language. */
  userTitle?: string;
  userMessage?: string;
};

/** A refusal in Graph's envelope (meta-cloud-api §1.2). Thrown anywhere in a handler, answered by the Graph router. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly code: number;
  readonly httpStatus: number;
  readonly options: GraphErrorOptions;

  constructor(code: number, options: GraphErrorOptions = {}) {
    const known = ERROR_CODES[code];
    super(options.message ?? known?.message ?? 'Something went wrong');
    this.code = code;
    this.options = options;
    this.httpStatus = options.httpStatus ?? known?.http ?? 400;
  }

  /** The body of the answer. */
  toEnvelope(): object {
    const { details, subcode, userTitle, userMessage } = this.options;
    const known = ERROR_CODES[this.code];
    const prefix = known?.isBare ? '' : `(#${this.code}) `;
    return {
      error: {
        message: `${prefix}${this.message}`,
        type: known?.type ?? 'OAuthException',
        code: this.code,
        ...(details === undefined ? {} : { error_data: { messaging_product: 'whatsapp', details } }),
        ...(subcode === undefined ? {} : { error_subcode: subcode }),
        ...(known?.isTransient ? { is_transient: true } : {}),
        ...(userTitle === undefined ? {} : { error_user_title: userTitle }),
        ...(userMessage === undefined ? {} : { error_user_msg: userMessage }),
        fbtrace_id: randomTraceId(),
      },
    };
  }
}

/** Graph's answer for an id that does not exist or that the token may not see: it does not tell which. */
export function unknownObject(method: string, id: string): GraphError {
  const verb = method.toLowerCase();
  return new GraphError(100, {
    subcode: 33,
    message: `Unsupported ${verb} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`,
  });
}

/** The form of an error inside a webhook (meta-cloud-api §5.4). */
export function webhookError(code: number, details?: string): object {
  const known = ERROR_CODES[code];
  const title = known?.message ?? 'Something went wrong';
  return {
    code,
    title,
    message: title,
    error_data: { details: details ?? known?.details ?? title },
    href: '/documentation/business-messaging/whatsapp/support/error-codes',
  };
}
