import { Device, type DeviceSettings } from './device.js';
import { profileOf } from './profile.js';
import { Session, type SessionOptions } from './session.js';
import { linesOf } from './words.js';

const settings: DeviceSettings = {
  scriptTimeMs: 0, rebootTimeMs: 0, isStrict: false, operationalState: 'UNLOCKED', outputLineEnd: '\n', print: 'A', echoesRead: false,
  beforeRead: '', afterRead: '', hostName: 'SBC', childrenByName: [],
};

export function deviceWith(id: number, own: Partial<DeviceSettings> = {}, extraTables: readonly string[] = []): Device {
  return new Device(profileOf(id), { settings: { ...settings, ...own }, extraTables });
}

interface Ran {
  readonly session: Session;
  readonly output: readonly string[];
}

/** Runs a script to its end, without the time and the faults that the REST interface has. @throws CommandError */
export function runOn(device: Device, script: string, options: Partial<SessionOptions> = {}): Ran {
  const session = sessionOn(device, options);
  const output = linesOf(script).map((line) => session.run(line));
  return { session, output };
}

export function sessionOn(device: Device, options: Partial<SessionOptions> = {}): Session {
  return new Session({
    hostName: () => 'SBC', configuration: () => device.running, show: (what) => `shown: ${what}`, obey: () => undefined, isStrict: device.settings.isStrict,
    isFull: () => false, isLocked: () => false, isChildNamed: (path) => device.settings.childrenByName.includes(path), ...options,
  });
}
