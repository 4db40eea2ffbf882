import { describe, expect, it } from 'vitest';
import { readSimulatorsConfiguration } from './simulators.config.js';

describe('configuration of the simulators', () => {
  it('has a default for everything', () => {
    expect(readSimulatorsConfiguration({})).toEqual({ exitsWithStdin: false, options: { sbc: {} } });
  });

  it('reads every setting', () => {
    expect(readSimulatorsConfiguration({
      SIM_HOST: '0.0.0.0', SIM_PUBLIC_HOST: 'simulators', SIM_PORTS: '{"ovoc":18002,"sbcs":{"3":18003}}', SIM_SEED: '7', SIM_SBC_IDS: '3, 9', SIM_EXIT_WITH_STDIN: '1',
      SIM_SBC_SIZES: '{"ip-group":5000}', SIM_SCRIPT_TIME_MS: '0', SIM_REBOOT_TIME_MS: '50',
    })).toEqual({
      exitsWithStdin: true,
      options: {
        host: '0.0.0.0', publicHost: 'simulators', ports: { ovoc: 18002, sbcs: { 3: 18003 } }, seed: 7, sbcIds: [3, 9], sizes: { 'ip-group': 5000 },
        sbc: { scriptTimeMs: 0, rebootTimeMs: 50 },
      },
    });
  });

  it('tells all that is wrong at once', () => {
    expect(() => readSimulatorsConfiguration({ SIM_PORTS: '{"sbc":1}', SIM_SEED: '-1', SIM_SBC_IDS: '3,x' })).toThrow(/SIM_SBC_IDS.*\n.*SIM_PORTS.*\n.*SIM_SEED/);
  });

  it.each(['{', '[]', '{"ip-group":"many"}'])('refuses the sizes %s', (sizes) => {
    expect(() => readSimulatorsConfiguration({ SIM_SBC_SIZES: sizes })).toThrow(/SIM_SBC_SIZES: must be JSON/);
  });

  it.each(['{', '[]', '3', '{"ovoc":70000}', '{"sbcs":5}', 'null'])('refuses the ports %s', (ports) => {
    expect(() => readSimulatorsConfiguration({ SIM_PORTS: ports })).toThrow(/SIM_PORTS: must be JSON/);
  });
});
