import { describe, expect, it } from 'vitest';

import { barChart, stepChart } from './chart.js';

const groups = [
  { title: '1 caller', bars: [{ name: 'one & only', value: 10 }, { name: 'other', value: 20 }] },
  { title: '16 callers', bars: [{ name: 'one & only', value: 40 }, { name: 'other', value: 5 }] },
];

describe('a bar chart', () => {
  const svg = barChart('deployments a second', groups);

  it('has a bar for each value, all on one scale', () => {
    const widths = [...svg.matchAll(/<rect x="\d+" .*? width="([\d.]+)"/g)].map(([, width]) => Number(width));
    expect(widths).toEqual([97.5, 195, 390, 48.8]);
  });

  it('shows title, groups, names and values as text', () => {
    const texts = [...svg.matchAll(/<text [^>]*>([^<]*)</g)].map(([, text]) => text);
    expect(texts).toEqual(['deployments a second', '1 caller', 'one &amp; only', '10.0', 'other', '20.0', '16 callers', 'one &amp; only', '40.0', 'other', '5.00']);
  });
});

describe('a chart of steps over time', () => {
  const svg = stepChart('a run', { axis: 'time (s)', values: [0, 1, 2, 3, 4] }, [
    { axis: 'agents', lines: [{ name: 'wanted', values: [1, 1, 2, 2, 1] }, { name: 'there', values: [1, 1, 1, 2, 2] }] },
    { axis: 'wait (s)', lines: [{ name: 'oldest', values: [0, 0, 0, 0, 0] }] },
  ]);

  it('draws a line for each, which changes where its value does and goes to the end', () => {
    const paths = [...svg.matchAll(/<path class="line \w+" d="(M[\d.]+ [\d.]+H[^"]*)"/g)].map(([, path]) => path);
    expect(paths).toEqual(['M44.0 106.0H334.0V58.0H624.0V106.0H624.0', 'M44.0 106.0H479.0V58.0H624.0', 'M44.0 284.0H624.0']);
  });

  it('shows title, axes, round numbers and what the lines are as text', () => {
    const texts = [...svg.matchAll(/<text [^>]*>([^<]*)</g)].map(([, text]) => text);
    expect(texts).toEqual(['a run', 'agents', '0', '1', '2', 'wanted', 'there', 'wait (s)', '0', '1', '0', '1', '2', '3', '4', 'time (s)']);
  });

  it.each([[0, [0, 1]], [4, [0, 1, 2, 3, 4]], [8, [0, 2, 4, 6, 8]], [30, [0, 10, 20, 30]], [31, [0, 10, 20, 30, 40]], [600, [0, 200, 400, 600]]])('has round numbers up to %i', (most, ticks) => {
    const one = stepChart('', { axis: 't', values: [0, 1] }, [{ axis: 'n', lines: [{ name: 'n', values: [0, most] }] }]);
    expect([...one.matchAll(/text-anchor="end">(\d+)</g)].map(([, tick]) => Number(tick))).toEqual(ticks);
  });
});
