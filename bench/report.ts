import { appendFileSync, writeFileSync } from 'node:fs';

/** Writes tables for people; lines of JSON for programs, and a chart, when a file was given. */
export class Report {
  constructor(private readonly jsonFile: string | undefined, private readonly chartFile: string | undefined) {}

  text(line: string): void {
    process.stdout.write(`${line}\n`);
  }

  /** Beside the results: what goes on. */
  progress(line: string): void {
    process.stderr.write(`  ${line}\n`);
  }

  table(head: readonly string[], rows: readonly (readonly string[])[]): void {
    const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
    this.text(['', line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n'));
  }

  line(record: Readonly<Record<string, unknown>>): void {
    if (this.jsonFile !== undefined) appendFileSync(this.jsonFile, `${JSON.stringify(record)}\n`);
  }

  chart(svg: () => string): void {
    if (this.chartFile !== undefined) writeFileSync(this.chartFile, svg());
  }
}
