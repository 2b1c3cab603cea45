/** Epoch milliseconds. Handlers pass `Date.now`; tests pass their own. */
export type Now = () => number;

export const toIso = (epochMs: number): string => new Date(epochMs).toISOString();

export const toSeconds = (epochMs: number): number => Math.floor(epochMs / 1000);
