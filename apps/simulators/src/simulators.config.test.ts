import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSimulatorsConfiguration } from './simulators.config.js';

describe('configuration of the simulators', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'prints-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (text: string) => {
    const path = join(folder, 'print.txt');
    writeFileSync(path, text);
    return path;
  };

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

  it('reads how SBCs print, and what their devices have printed', () => {
    expect(readSimulatorsConfiguration({ SIM_SBC_PRINT: '{"5":"B"}', SIM_DEVICE_PRINT: JSON.stringify({ 4: file('configure voip\nexit\n') }) }).options).toEqual({
      prints: { 5: 'B' }, devicePrints: { 4: 'configure voip\nexit\n' }, sbc: {},
    });
  });

  it.each(['{', '[]', '{"5":"C"}', '{"5":1}'])('refuses the way to print %s', (prints) => {
    expect(() => readSimulatorsConfiguration({ SIM_SBC_PRINT: prints })).toThrow(/SIM_SBC_PRINT: must be JSON such as/);
  });

  it.each<[string, () => string, RegExp]>([
    ['that is not there', () => '{"5":"nowhere.txt"}', /SIM_DEVICE_PRINT: the print of SBC 5 can't be read \(ENOENT\): nowhere\.txt/],
    ['of something else', () => JSON.stringify({ 5: file('<html>') }), /SIM_DEVICE_PRINT: the print of SBC 5 has no line such as "configure voip".*print\.txt/],
    ['of an SBC that is not there', () => JSON.stringify({ 9: file('configure voip') }), /SIM_DEVICE_PRINT: there is no SBC 9; there are 3, 4, 5/],
    ['that is no name', () => '{"5":7}', /SIM_DEVICE_PRINT: must be JSON such as/],
  ])('refuses a device\'s print %s', (_name, prints, message) => {
    expect(() => readSimulatorsConfiguration({ SIM_DEVICE_PRINT: prints() })).toThrow(message);
  });

  it.each(['{', '[]', '3', '{"ovoc":70000}', '{"sbcs":5}', 'null'])('refuses the ports %s', (ports) => {
    expect(() => readSimulatorsConfiguration({ SIM_PORTS: ports })).toThrow(/SIM_PORTS: must be JSON/);
  });
});
