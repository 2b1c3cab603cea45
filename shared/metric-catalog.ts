type MetricRow = {
  /** What one count means, and who would look at it. */
  meaning: string;
  /** The dimension besides the function's name; its values are few and known. Brands never are one. */
  dimension?: string;
};

/** Every metric our functions write, by name: docs/metrics.md is made of this table, and `count` takes no other. */
export const METRICS = {
  CanarySucceeded: { meaning: 'Our own tenant sent through the public URL, and its signed event came back' },
  CertificateExpiring: { meaning: 'Callers will refuse, or refuse already, the certificate of an address of ours' },
  DeliveryAttempt: { meaning: 'One attempt to deliver an event, by how it went', dimension: 'outcome' },
  DeliveryExhausted: { meaning: 'An event failed after every attempt and goes to the dead-letter queue' },
  DeliveryRedriven: { meaning: 'A failed event came back from the dead-letter queue and starts a new ladder' },
  EndpointOpened: { meaning: "The breaker of a tenant's endpoint opened: its events are held" },
  EndpointClosed: { meaning: "The breaker of a tenant's endpoint closed: what was held is released" },
  EndpointDisabled: { meaning: "A tenant's endpoint was switched off, by why", dimension: 'reason' },
  KeyReportedLeaked: { meaning: 'Somebody reported a leaked API key, which is revoked by that' },
  MediaCopied: {
    meaning: "A person's file was taken over from Meta, or could not be, by its state",
    dimension: 'state',
  },
  MetaUpdateKept: { meaning: 'An update of Meta was kept as it came: no event shows it, by why', dimension: 'reason' },
  MetaUpdateSkipped: { meaning: 'Part of a webhook of Meta that concerns nobody was passed over', dimension: 'kind' },
  RateLimited: { meaning: 'A request was refused by a limit of ours, by which', dimension: 'limit' },
  SendOutcomeNotSaved: { meaning: 'Meta answered a send and the answer could not be stored' },
  SendTransition: { meaning: 'A send changed its state (docs/idempotency.md)', dimension: 'transition' },
  StatusOfUnknownMessage: { meaning: 'Meta told the status of a message we do not know (yet)' },
  TemplatesNotSynced: { meaning: "The templates of one WABA could not be listed: usually the tenant's token" },
  TokenDead: { meaning: "Meta takes a tenant's access token no more: its sends are refused until there is another" },
  TokenExpiring: { meaning: "A tenant's access token ends in less than 14 days; counted every day" },
  TokenNotChecked: { meaning: 'The daily watch could not ask Meta about a token' },
  UpdateUnrouted: { meaning: 'An update for a number or WABA that no brand has connected; kept', dimension: 'kind' },
} as const satisfies Record<string, MetricRow>;

export type MetricName = keyof typeof METRICS;

/** What `count` takes beside the name: the metric's dimension, if it has one. */
export type DimensionsOf<N extends MetricName> = (typeof METRICS)[N] extends { dimension: infer D extends string }
  ? Readonly<Record<D, string>>
  : Readonly<Record<string, never>>;
