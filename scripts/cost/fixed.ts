import { METRICS } from '../../shared/metric-catalog.ts';
import { ASSUMED, PRICES } from './prices.ts';

/** How many resources of a type the templates of a stage have. */
export type ResourceCount = (type: string) => number;

const TENANTS = [10, 1_000, 10_000] as const;

/** Values a dimension of ours takes: a few outcomes, reasons or kinds. */
const VALUES_OF_A_DIMENSION = 5;

type Row = { what: string; dollars: (tenants: number) => number };

/** Dollars a month that no request pays for. */
export function fixedCosts(count: ResourceCount): {
  tenants: readonly number[];
  rows: { what: string; dollars: number[] }[];
} {
  const metrics = Object.values(METRICS).reduce(
    (sum, row) => sum + ('dimension' in row ? VALUES_OF_A_DIMENSION : 1),
    0,
  );
  const gbPerTenant =
    (ASSUMED.sendsPerTenantMonth * ASSUMED.messageKb * ASSUMED.monthsOfMessages +
      ASSUMED.sendsPerTenantMonth * ASSUMED.eventsPerSend * ASSUMED.eventKb) /
    1e6;
  const rules = count('AWS::WAFv2::WebACL') * 2;
  // To whole hundreds: a new endpoint brings an alarm, and is no news here.
  const alarms = Math.round(count('AWS::CloudWatch::Alarm') / 100) * 100;
  const rows: Row[] = [
    { what: 'secrets: one for each connection', dollars: (tenants) => tenants * PRICES.secretMonth },
    {
      what: 'tables: messages of a year, events of a month, recoverable',
      dollars: (tenants) => tenants * gbPerTenant * PRICES.tableGbMonth,
    },
    { what: 'files of people', dollars: (tenants) => tenants * ASSUMED.mediaGbPerTenant * PRICES.bucketGbMonth },
    {
      what: `about ${alarms} alarms, the page alarm, the dashboard`,
      dollars: () => alarms * PRICES.alarmMonth + PRICES.compositeAlarmMonth + PRICES.dashboardMonth,
    },
    { what: `about ${metrics} metrics of ours`, dollars: () => metrics * PRICES.metricMonth },
    {
      what: 'firewalls',
      dollars: () => count('AWS::WAFv2::WebACL') * PRICES.firewallMonth + rules * PRICES.firewallRuleMonth,
    },
    { what: 'KMS keys', dollars: () => count('AWS::KMS::Key') * PRICES.keyMonth },
    { what: 'secrets of the stage', dollars: () => count('AWS::SecretsManager::Secret') * PRICES.secretMonth },
  ];
  return {
    tenants: TENANTS,
    rows: rows.map(({ what, dollars }) => ({ what, dollars: TENANTS.map(dollars) })),
  };
}
