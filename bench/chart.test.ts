import { describe, expect, it } from 'vitest';

import { barChart } from './chart.js';

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
