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
  const [seed, scriptTimeMs, rebootTimeMs] = [number('SIM_SEED', 0xffffffff), number('SIM_SCRIPT_TIME_MS', 3_600_000), number('SIM_REBOOT_TIME_MS', 3_600_000)];
  const [host, publicHost] = [environment['SIM_HOST'], environment['SIM_PUBLIC_HOST']];
  if (problems.length > 0) throw new SimulatorsConfigurationError(problems.join('\n'));
  return {
    exitsWithStdin: environment['SIM_EXIT_WITH_STDIN'] === '1',
    options: {
      ...host && { host },
      ...publicHost && { publicHost },
      ...ports && { ports },
      ...seed !== undefined && { seed },
      ...ids && { sbcIds: ids.map(Number) },
      sbc: { ...scriptTimeMs !== undefined && { scriptTimeMs }, ...rebootTimeMs !== undefined && { rebootTimeMs } },
    },
  };
}

const expected = 'SIM_PORTS: must be JSON such as {"microsoft":18001,"ovoc":18002,"control":18000,"sbcs":{"3":18003}}';

function readPorts(text: string | undefined, problems: string[]): SimulatorPorts | undefined {
  if (!text) return undefined;
  try {
    const ports: unknown = JSON.parse(text);
    if (typeof ports !== 'object' || ports === null || Array.isArray(ports)) throw new TypeError('not an object');
    const { sbcs = {}, ...others } = ports as Record<string, unknown>;
    const isPort = (port: unknown) => typeof port === 'number' && Number.isInteger(port) && port >= 0 && port < 65536;
    const isGood = Object.entries(others).every(([name, port]) => ['microsoft', 'ovoc', 'control'].includes(name) && isPort(port))
      && typeof sbcs === 'object' && sbcs !== null && Object.values(sbcs).every(isPort);
    if (isGood) return ports;
  } catch {
    // Told below: what is wrong with the JSON matters less than what it should look like.
  }
  problems.push(expected);
  return undefined;
}
