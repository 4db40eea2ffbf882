import { readFileSync } from 'node:fs';

import { type PrintProfile, printProfiles } from './sbc/print/print-style.js';
import type { SimulatorPorts, SimulatorsOptions } from './simulators.js';

export interface SimulatorsConfiguration {
  readonly options: SimulatorsOptions;
  /** End when standard input closes, so that no simulator outlives who started it. */
  readonly exitsWithStdin: boolean;
}

/** All that is wrong with the environment, one line a problem. */
export class SimulatorsConfigurationError extends Error {
  override readonly name = 'SimulatorsConfigurationError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws SimulatorsConfigurationError */
export function readSimulatorsConfiguration(environment: Environment): SimulatorsConfiguration {
  const problems: string[] = [];
  const number = (name: string, most: number) => {
    const text = environment[name];
    if (!text) return undefined;
    if (/^\d{1,10}$/.test(text) && Number(text) <= most) return Number(text);
    problems.push(`${name}: must be a whole number from 0 to ${most}`);
    return undefined;
  };
  const ids = environment['SIM_SBC_IDS']?.split(',').map((id) => id.trim());
  if (ids?.some((id) => !/^[1-9]\d{0,5}$/.test(id))) problems.push('SIM_SBC_IDS: must be numbers separated by commas');
  const ports = readPorts(environment['SIM_PORTS'], problems);
  const sizes = readSizes(environment['SIM_SBC_SIZES'], problems);
  const prints = readPrints(environment['SIM_SBC_PRINT'], problems);
  const devicePrints = readDevicePrints(environment['SIM_DEVICE_PRINT'], ids ?? ['3', '4', '5'], problems);
  const [seed, scriptTimeMs, rebootTimeMs] = [number('SIM_SEED', 0xffffffff), number('SIM_SCRIPT_TIME_MS', 3_600_000), number('SIM_REBOOT_TIME_MS', 3_600_000)];
  const [host, publicHost] = [environment['SIM_HOST'], environment['SIM_PUBLIC_HOST']];
  if (problems.length > 0) throw new SimulatorsConfigurationError(problems.join('\n'));
  return {
    exitsWithStdin: environment['SIM_EXIT_WITH_STDIN'] === '1',
    options: {
      ...host && { host },
      ...publicHost && { publicHost },
      ...ports && { ports },
      ...sizes && { sizes },
      ...prints && { prints },
      ...devicePrints && { devicePrints },
      ...seed !== undefined && { seed },
      ...ids && { sbcIds: ids.map(Number) },
      sbc: { ...scriptTimeMs !== undefined && { scriptTimeMs }, ...rebootTimeMs !== undefined && { rebootTimeMs } },
    },
  };
}

function readPorts(text: string | undefined, problems: string[]): SimulatorPorts | undefined {
  const ports = readObject(text);
  if (ports === undefined) return undefined;
  const { sbcs = {}, ...others } = ports ?? { other: 0 };
  const isPort = (port: unknown) => isCount(port) && port < 65536;
  const isGood = Object.entries(others).every(([name, port]) => ['microsoft', 'ovoc', 'control'].includes(name) && isPort(port))
    && typeof sbcs === 'object' && sbcs !== null && Object.values(sbcs).every(isPort);
  if (isGood) return ports ?? undefined;
  problems.push('SIM_PORTS: must be JSON such as {"microsoft":18001,"ovoc":18002,"control":18000,"sbcs":{"3":18003}}');
  return undefined;
}

function readSizes(text: string | undefined, problems: string[]): Record<string, number> | undefined {
  const sizes = readObject(text);
  if (sizes === undefined) return undefined;
  if (sizes !== null && Object.values(sizes).every(isCount)) return sizes as Record<string, number>;
  problems.push('SIM_SBC_SIZES: must be JSON such as {"ip-group":5000,"sbc routing ip2ip-routing":5000}');
  return undefined;
}

function readPrints(text: string | undefined, problems: string[]): Record<string, PrintProfile> | undefined {
  const prints = readObject(text);
  if (prints === undefined) return undefined;
  const isGood = prints !== null && Object.values(prints).every((print) => printProfiles.some((profile) => profile === print));
  if (isGood) return prints as Record<string, PrintProfile>;
  problems.push(`SIM_SBC_PRINT: must be JSON such as {"5":"A","4":"B"}; there are ${printProfiles.join(' and ')}`);
  return undefined;
}

/** The texts of the files by SBC. */
function readDevicePrints(text: string | undefined, ids: readonly string[], problems: string[]): Record<string, string> | undefined {
  const files = readObject(text);
  if (files === undefined) return undefined;
  if (files === null || !Object.values(files).every((file) => typeof file === 'string')) {
    problems.push('SIM_DEVICE_PRINT: must be JSON such as {"5":"running-config.txt"}');
    return undefined;
  }
  return Object.fromEntries(Object.entries(files as Record<string, string>).map(([id, file]) => {
    if (!ids.includes(id)) problems.push(`SIM_DEVICE_PRINT: there is no SBC ${id}; there are ${ids.join(', ')}`);
    return [id, readDevicePrint(id, file, problems)];
  }));
}

function readDevicePrint(id: string, file: string, problems: string[]): string {
  const problem = (what: string) => {
    problems.push(`SIM_DEVICE_PRINT: the print of SBC ${id} ${what}: ${file}`);
    return '';
  };
  try {
    const text = readFileSync(file, 'utf8');
    return /^[ \t\uFEFF]*configure[ \t]+\S/m.test(text) ? text : problem('has no line such as "configure voip", so it is no "show running-config"');
  } catch (error) {
    return problem(`can't be read (${error instanceof Error && 'code' in error ? String(error.code) : String(error)})`);
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

/** Undefined when there is no text, null when it is no JSON object. */
function readObject(text: string | undefined): Record<string, unknown> | null | undefined {
  if (!text) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && !Array.isArray(value) ? value as Record<string, unknown> | null : null;
  } catch {
    // What is wrong with the JSON matters less than what it should look like, which the caller says.
    return null;
  }
}
