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

export interface Panel {
  /** What is counted, with its unit. */
  readonly axis: string;
  /** As many values as the chart has times. */
  readonly lines: readonly { readonly name: string; readonly values: readonly number[] }[];
}

export interface Times {
  readonly axis: string;
  readonly values: readonly number[];
}

const left = 44;
const right = 16;
const panelHeight = 96;
const panelHead = 34;
const [valueTicks, timeTicks] = [4, 10];
// Text and lines change with their ground, so that each is read on the other in light and in dark.
const style = `<style>
.ground { fill: #ffffff } .text { fill: #1f2328 } .grid { stroke: #d1d9e0 } .line { fill: none; stroke-width: 1.5 } .first { stroke: #0969da } .second { stroke: #bc4c00; stroke-dasharray: 4 3 }
@media (prefers-color-scheme: dark) { .ground { fill: #0d1117 } .text { fill: #f0f6fc } .grid { stroke: #3d444d } .first { stroke: #58a6ff } .second { stroke: #f0883e } }
</style>`;

/** An SVG of panels below each other over the same times, each with a scale of its own from 0; a value holds until the next one. */
export function stepChart(title: string, times: Times, panels: readonly Panel[]): string {
  const last = times.values.at(-1) ?? 0;
  const x = (time: number): number => left + (width - left - right) * time / (last || 1);
  const parts: string[] = [text(10, 20, title, 'font-weight="bold"')];
  let y = 24;
  for (const { axis, lines } of panels) {
    y += panelHead;
    const [top, bottom] = [y, y + panelHeight];
    const ticks = ticksUpTo(Math.max(...lines.flatMap(({ values }) => values)), valueTicks);
    const scale = panelHeight / (ticks.at(-1) ?? 1);
    parts.push(text(10, top - 12, axis, 'font-style="italic"'));
    for (const tick of ticks) {
      parts.push(grid(left, bottom - tick * scale, width - right, bottom - tick * scale), text(left - 6, bottom - tick * scale + 4, String(tick), 'text-anchor="end"'));
    }
    for (const [index, { name, values }] of lines.entries()) {
      const colour = index === 0 ? 'first' : 'second';
      if (lines.length > 1) {
        const from = width - right - 110 * (lines.length - index);
        parts.push(`<path class="line ${colour}" d="M${from} ${top - 16}h22"/>`, text(from + 28, top - 12, name));
      }
      parts.push(`<path class="line ${colour}" d="${steps(times.values.map(x), values.map((value) => bottom - value * scale))}"/>`);
    }
    y = bottom;
  }
  for (const tick of ticksUpTo(last, timeTicks).filter((time) => time <= last)) parts.push(text(x(tick), y + 16, String(tick), 'text-anchor="middle"'));
  parts.push(text((left + width - right) / 2, y + 34, times.axis, 'text-anchor="middle" font-style="italic"'));
  const height = y + 44;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" class="text">`,
    style, `<rect class="ground" width="${width}" height="${height}"/>`, ...parts, '</svg>', '',
  ].join('\n');
}

/** About so many round numbers, from 0 to the first that is not less than the most. */
function ticksUpTo(most: number, wanted: number): readonly number[] {
  const rough = Math.max(most, 1) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10));
  return Array.from({ length: Math.ceil(Math.max(most, 1) / step) + 1 }, (_unused, index) => index * step);
}

function steps(xs: readonly number[], ys: readonly number[]): string {
  const at = (value: number | undefined): string => (value ?? 0).toFixed(1);
  const changes = ys.flatMap((y, index) => (index > 0 && y !== ys[index - 1] ? [`H${at(xs[index])}V${at(y)}`] : []));
  return `M${at(xs[0])} ${at(ys[0])}${changes.join('')}H${at(xs.at(-1))}`;
}

function grid(fromX: number, fromY: number, toX: number, toY: number): string {
  return `<line class="grid" x1="${fromX}" y1="${fromY.toFixed(1)}" x2="${toX}" y2="${toY.toFixed(1)}"/>`;
}

function text(x: number, y: number, content: string, attributes = ''): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(0)}" y="${y.toFixed(0)}"${attributes === '' ? '' : ` ${attributes}`}>${escaped}</text>`;
}
