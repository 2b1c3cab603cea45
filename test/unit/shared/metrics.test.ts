import { afterEach, expect, jest, test } from '@jest/globals';
import { count } from '../../../shared/metrics.ts';

afterEach(() => {
  jest.restoreAllMocks();
  delete process.env.POWERTOOLS_METRICS_DISABLED;
});

function linesOf(work: () => void): unknown[] {
  const lines: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  work();
  return lines.map((line) => JSON.parse(line));
}

test("a count is one line of CloudWatch's embedded metric format", () => {
  process.env.POWERTOOLS_METRICS_NAMESPACE = 'Quixess/test';
  process.env.POWERTOOLS_SERVICE_NAME = 'copy-media';
  const [line, ...more] = linesOf(() => count('MediaCopied', { state: 'stored' }, 2));
  expect(more).toEqual([]);
  expect(line).toEqual({
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: 'Quixess/test',
          Dimensions: [['service', 'state']],
          Metrics: [{ Name: 'MediaCopied', Unit: 'Count' }],
        },
      ],
    },
    service: 'copy-media',
    state: 'stored',
    MediaCopied: 2,
  });
});

test('nothing is written where metrics are switched off', () => {
  process.env.POWERTOOLS_METRICS_DISABLED = 'true';
  expect(linesOf(() => count('MediaCopied', { state: 'stored' }))).toEqual([]);
});
