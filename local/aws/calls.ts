/** What one principal did with one action. Units are DynamoDB's; zero for the other services. */
export type CallCount = { calls: number; read_units: number; write_units: number };
/** By principal name, then action, e.g. `dynamodb:PutItem`. */
export type CallSnapshot = Record<string, Record<string, CallCount>>;

/** Counts calls per principal and action, in memory: benches and tests read what a request costs. */
export function createCalls() {
  let counts = new Map<string, Map<string, CallCount>>();
  return {
    /** Adds one call; a refused call counts too, as AWS bills it. */
    record(principalName: string, action: string, units: { read?: number; write?: number } = {}): void {
      const actions = counts.get(principalName) ?? new Map<string, CallCount>();
      counts.set(principalName, actions);
      const count = actions.get(action) ?? { calls: 0, read_units: 0, write_units: 0 };
      actions.set(action, count);
      count.calls += 1;
      count.read_units += units.read ?? 0;
      count.write_units += units.write ?? 0;
    },
    snapshot(): CallSnapshot {
      return Object.fromEntries(
        [...counts].map(([principal, actions]) => [
          principal,
          Object.fromEntries([...actions].map(([action, count]) => [action, { ...count }])),
        ]),
      );
    },
    reset(): void {
      counts = new Map();
    },
  };
}
export type Calls = ReturnType<typeof createCalls>;
