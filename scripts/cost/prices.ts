/** us-east-1, dollars, as in docs/architecture.md's figures; Meta's own charges are the tenant's and not in here. */
export const PRICES = {
  apiRequestsPerMillion: 3.5,
  lambdaRequestsPerMillion: 0.2,
  /** arm64. */
  lambdaGbSecond: 0.0000133334,
  writeUnitsPerMillion: 0.625,
  readUnitsPerMillion: 0.125,
  /** Of up to 64 KB. */
  sqsRequestsPerMillion: 0.4,
  /** More for a request about messages with a group id: a fair queue. */
  sqsFairPerMillion: 0.1,
  transitionsPerMillion: 25,
  logsPerGb: 0.5,
  tracesPerMillion: 5,
  secretsCallsPerMillion: 5,
  firewallRequestsPerMillion: 0.6,

  secretMonth: 0.4,
  keyMonth: 1,
  alarmMonth: 0.1,
  compositeAlarmMonth: 0.5,
  dashboardMonth: 3,
  metricMonth: 0.3,
  firewallMonth: 5,
  firewallRuleMonth: 1,
  /** A gigabyte of a table, with point-in-time recovery. */
  tableGbMonth: 0.25 + 0.2,
  bucketGbMonth: 0.023,
} as const;

/** What no machine of ours can measure. Change one, and `npm run cost -- --write` says what follows. */
export const ASSUMED = {
  /** Meta's answer to a send, milliseconds. */
  metaMs: 300,
  /** A tenant's endpoint's answer. */
  endpointMs: 150,
  /** One call of DynamoDB or SQS: what the benches' stubs take. */
  callMs: 4,
  /** Our own work, of a whole processor: in an invocation, and in each further message of its batch. */
  cpuMs: 3,
  cpuPerMessageMs: 1,
  /** Messages to a worker at once, under steady load. */
  batch: 5,
  /** Where no gateway has decided, Lambda traces one invocation a second and 5 % of the rest; it cannot be told otherwise. */
  tracedByLambda: 0.06,
  /** A line of the gateway's access log. */
  accessLogBytes: 620,
  /** Lambda's own START, END and REPORT lines, where they are not switched off. */
  platformLogBytes: 400,
  /** One authorizer call for so many requests: the gateway caches its answer for 60 s. */
  requestsPerAuthorization: 60,
  /** Months, messages and sizes of a usual tenant, for what is stored. */
  sendsPerTenantMonth: 30_000,
  eventsPerSend: 2.5,
  /** Of all events: each send has its sent, delivered and often read, and one in five is answered. */
  receivedShare: 0.1,
  messageKb: 1,
  eventKb: 2,
  monthsOfMessages: 12,
  mediaGbPerTenant: 0.1,
} as const;
