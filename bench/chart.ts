import { shown } from './figures.js';

export interface BarGroup {
  readonly title: string;
  readonly bars: readonly { readonly name: string; readonly value: number }[];
}

const width = 640;
const namesWidth = 190;
const valueWidth = 60;
const barHeight = 16;
const barGap = 4;
const groupGap = 18;
const headHeight = 34;
const colours = ['#1f6feb', '#54aeff', '#8c959f'];

/** An SVG of horizontal bars on one scale; the bars of each group have the same names, and so the same colours, in the same order. */
export function barChart(title: string, groups: readonly BarGroup[]): string {
  const most = Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const scale = (width - namesWidth - valueWidth) / most;
  const parts: string[] = [text(10, 20, title, 'font-weight="bold"')];
  let y = headHeight;
  for (const group of groups) {
    y += 12;
    parts.push(text(10, y, group.title, 'font-style="italic"'));
    y += 8;
    for (const [index, { name, value }] of group.bars.entries()) {
      const middle = y + barHeight - 4;
      parts.push(
        text(20, middle, name),
        `<rect x="${namesWidth}" y="${y}" width="${Math.max(value * scale, 1).toFixed(1)}" height="${barHeight}" fill="${colours[index % colours.length] ?? ''}"/>`,
        text(namesWidth + value * scale + 6, middle, shown(value)));
      y += barHeight + barGap;
    }
    y += groupGap - barGap;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" font-family="sans-serif" font-size="12" fill="#1f2328">`,
    `<rect width="${width}" height="${y}" fill="#ffffff"/>`, ...parts, '</svg>', '',
  ].join('\n');
}

function text(x: number, y: number, content: string, attributes = ''): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(0)}" y="${y}"${attributes === '' ? '' : ` ${attributes}`}>${escaped}</text>`;
}
