/** One line of the results. `goal` is the most it may be (architecture §9), null where none is set. */
export type Figure = { name: string; value: number; goal: number | null; unit: '' | 'KB' | '×' | 'µs' | 'ms' };

const shown = ({ value, unit }: Figure): string => {
  const text = Number.isInteger(value) ? String(value) : value.toFixed(2);
  return unit === '' ? text : `${text} ${unit}`;
};

const verdict = ({ value, goal }: Figure): string => (goal === null ? '' : value <= goal ? 'reached' : '**missed**');

export const isMissed = ({ value, goal }: Figure): boolean => goal !== null && value > goal;

export const table = (figures: readonly Figure[]): string =>
  [
    '| figure | measured | goal | |',
    '|---|---:|---:|---|',
    ...figures.map((figure) => {
      const goal = figure.goal === null ? '' : `≤ ${figure.goal}`;
      return `| ${figure.name} | ${shown(figure)} | ${goal} | ${verdict(figure)} |`;
    }),
  ].join('\n');
