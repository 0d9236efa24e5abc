import { expect, test } from 'vitest';
import { joinPrometheusTexts } from './prometheus-text.ts';

test('each metric is described once, with all its samples under it', () => {
  const text = (queue: string): string =>
    `# HELP jobs Jobs\n# TYPE jobs gauge\njobs{queue="${queue}"} 1\n# HELP done Done\n# TYPE done counter\ndone{queue="${queue}"} 2`;
  expect(joinPrometheusTexts([text('a'), text('b')]).split('\n')).toEqual([
    '# HELP jobs Jobs',
    '# TYPE jobs gauge',
    'jobs{queue="a"} 1',
    'jobs{queue="b"} 1',
    '# HELP done Done',
    '# TYPE done counter',
    'done{queue="a"} 2',
    'done{queue="b"} 2',
  ]);
});

test('a metric may be left out whole', () => {
  const text = '# HELP a A\n# TYPE a gauge\na 1\n# HELP b B\n# TYPE b gauge\nb{x="y"} 1';
  expect(joinPrometheusTexts([text], ['b'])).toBe('# HELP a A\n# TYPE a gauge\na 1');
});
