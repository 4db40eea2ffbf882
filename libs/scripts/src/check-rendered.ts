import { checkScript, type ScriptKind } from './check-script.js';
import type { CliCommand } from './cli-command.js';
import { type DeviceLimits, limitProblems } from './limits.js';
import { ownershipOf } from './owner-mark.js';
import { readScript } from './read-script.js';
import { rowsOf, type ScriptRows } from './script-rows.js';
import type { TemplateProblem } from './template.js';

export interface RenderedScript extends ScriptRows {
  /** Everything that speaks against sending it, in line order. */
  readonly problems: readonly TemplateProblem[];
}

/** Reads a rendered script and checks it as its template was checked, with the values it has now. */
export function checkRendered(kind: ScriptKind, commands: readonly CliCommand[], customerGuid: string, limits: DeviceLimits): RenderedScript {
  const script = readScript(commands);
  const problems = [
    ...checkScript(kind, script, { hasMark: (tags) => ownershipOf(tags, customerGuid) === 'ours', isSure: () => true }),
    ...limitProblems(script, limits, () => true),
  ];
  return { ...rowsOf(script), problems: problems.sort((one, other) => one.line - other.line) };
}
