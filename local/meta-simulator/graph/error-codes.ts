type ErrorCode = {
  /** HTTP status of the synchronous answer: meta-cloud-api §6 (documentation of November 2025). */
  http: number;
  message: string;
  /** Default `error_data.details`. */
  details?: string;
  type?: 'OAuthException' | 'GraphMethodException';
  isTransient?: boolean;
  /** Meta leaves the `(#code)` prefix off these. */
  isBare?: boolean;
};

const GROUP_24_HOURS =
  'Message failed to send because more than 24 hours have passed since the customer last replied to this number.';

/** meta-cloud-api §6, the codes a client of ours can meet. */
export const ERROR_CODES: Readonly<Record<number, ErrorCode>> = {
  0: { http: 401, message: 'AuthException: the access token has expired or was invalidated', isBare: true },
  1: { http: 400, message: 'An unknown error occurred', isBare: true },
  2: {
    http: 503,
    message: 'Service temporarily unavailable',
    type: 'GraphMethodException',
    isTransient: true,
    isBare: true,
  },
  3: { http: 500, message: 'Application does not have the capability to make this API call' },
  4: { http: 400, message: 'Application request limit reached' },
  10: { http: 403, message: 'Application does not have permission for this action' },
  33: { http: 400, message: 'The business phone number has been deleted' },
  100: { http: 400, message: 'Invalid parameter' },
  104: { http: 400, message: 'An access token is required to request this resource.', isBare: true },
  190: { http: 401, message: 'Error validating access token: Session has expired', isBare: true },
  200: { http: 403, message: 'Provide valid app ID' },
  368: { http: 403, message: 'Temporarily blocked for policies violations' },
  613: { http: 429, message: 'Calls to this api have exceeded the rate limit.' },
  803: { http: 404, message: 'Some of the aliases you requested do not exist', type: 'GraphMethodException' },
  2200: { http: 400, message: 'Callback verification failed' },
  2500: { http: 400, message: 'Unknown path components', isBare: true },
  2635: { http: 400, message: 'You are calling a version of the API that is not available' },
  80007: { http: 400, message: 'There have been too many calls to this WhatsApp Business account.' },
  130403: { http: 400, message: 'User is blocked by the business' },
  130429: {
    http: 400,
    message: 'Rate limit hit',
    details:
      'Message failed to send because there were too many messages sent from this phone number in a short period of time',
  },
  130472: { http: 400, message: "User's number is part of an experiment" },
  130497: { http: 403, message: 'Business account is restricted from messaging users in this country.' },
  131000: { http: 500, message: 'Something went wrong', details: 'Message failed to send due to an unknown error.' },
  131005: { http: 403, message: 'Access denied' },
  131008: { http: 400, message: 'Required parameter is missing' },
  131009: { http: 400, message: 'Parameter value is not valid' },
  131016: { http: 500, message: 'Service unavailable', details: 'A service is temporarily unavailable.' },
  131021: { http: 400, message: 'Recipient cannot be sender' },
  131026: { http: 400, message: 'Message undeliverable', details: 'Message Undeliverable.' },
  131030: {
    http: 400,
    message: 'Recipient phone number not in allowed list',
    details: 'Recipient phone number not in allowed list: Add recipient phone number to recipient list and try again.',
  },
  131031: { http: 403, message: 'Business Account locked' },
  131037: { http: 400, message: 'WhatsApp provided number needs display name approval' },
  131042: { http: 400, message: 'Business eligibility payment issue' },
  131045: { http: 500, message: 'Incorrect certificate' },
  131047: { http: 400, message: 'Re-engagement message', details: GROUP_24_HOURS },
  131048: { http: 400, message: 'Spam rate limit hit' },
  131049: { http: 400, message: 'This message was not delivered to maintain healthy ecosystem engagement.' },
  131050: { http: 400, message: 'User has stopped marketing messages from this business' },
  131051: { http: 400, message: 'Unsupported message type' },
  131052: { http: 400, message: 'Media download error' },
  131053: { http: 400, message: 'Media upload error', details: 'Failed to download the media from the sender' },
  131055: { http: 400, message: 'Method not allowed' },
  131056: {
    http: 400,
    message: 'Pair rate limit hit',
    details:
      'Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time.',
  },
  131057: { http: 500, message: 'Account in maintenance mode' },
  131059: { http: 400, message: 'Invalid paging cursor' },
  131062: { http: 400, message: 'Business-scoped user ID recipients are not supported for this message' },
  131063: { http: 400, message: 'Marketing templates are disabled for this account on Cloud API' },
  131064: { http: 400, message: 'Messaging limit reached because of template misclassification' },
  132000: { http: 400, message: 'Number of parameters does not match the expected number of params' },
  132001: { http: 404, message: 'Template name does not exist in the translation' },
  132005: { http: 400, message: 'Translated text too long' },
  132007: { http: 400, message: 'Template format character policy violated' },
  132012: { http: 400, message: 'Parameter format does not match format in the created template' },
  132015: { http: 400, message: 'Template is paused' },
  132016: { http: 400, message: 'Template is disabled' },
  132018: { http: 400, message: 'There was an issue with the parameters in your template' },
  133004: { http: 503, message: 'Server is temporarily unavailable' },
  133010: { http: 400, message: 'The account is not registered' },
  134011: { http: 400, message: 'WhatsApp Business Payments terms not accepted' },
  135000: { http: 400, message: 'Generic user error' },
  137000: { http: 400, message: 'Recipient identity key hash mismatch' },
};
