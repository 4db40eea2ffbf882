import { createHash } from 'node:crypto';
import { type Account, authenticate } from '../peer/accounts.js';
import { type Answer, type Call, described, json, type Peer } from '../peer/answer.js';
import { type CallEntry, now } from '../calls/call-log.js';
import { Device } from './device.js';
import { readFormFile } from './form-file.js';
import { runScript } from './script-run.js';
import { type DeviceCommand, Session } from './session.js';
import { alarmsOf, statusOf } from './monitoring.js';
import { WriteWatch } from './write-watch.js';

export const levels = ['monitor', 'administrator', 'security-administrator'] as const;
export type Level = (typeof levels)[number];

export interface SbcAccount extends Account {
  readonly level: Level;
}

interface Route {
  readonly level: Level;
  readonly isWrite?: boolean;
  readonly run: (call: Call) => Promise<Answer | undefined> | Answer | undefined;
}

const root = '/api/v1';

/** One SBC's REST interface. */
export class SbcPeer implements Peer {
  readonly name = 'sbc';
  readonly id: number;
  private readonly writes = new WriteWatch();
  /** The restart after which a write arrived. */
  private readonly boots = new WeakMap<CallEntry, number>();
  private readonly routes: Readonly<Record<string, Readonly<Record<string, Route>>>> = {
    '/status': { GET: { level: 'monitor', run: () => json(200, statusOf(this.device)) } },
    '/alarms/active': { GET: { level: 'monitor', run: ({ query }) => alarmsOf(this.device, query) } },
    '/versions': { GET: { level: 'monitor', run: () => json(200, { versions: [{ id: 'v1', status: 'stable', url: root }] }) } },
    '/files/cliScript': { GET: { level: 'administrator', run: () => text(this.readConfiguration()) } },
    '/files/cliScript/incremental': { PUT: { level: 'administrator', isWrite: true, run: (call) => this.runScript(call) } },
    '/actions/saveConfiguration': { POST: { level: 'administrator', isWrite: true, run: (call) => this.save(call) } },
    '/actions/reset': { POST: { level: 'administrator', isWrite: true, run: () => this.reset() } },
    '/actions/authToken': { POST: { level: 'security-administrator', run: () => json(200, { authToken: createHash('sha256').update(`${this.id}/${this.device.boot}`).digest('hex') }) } },
  };

  /** `goAway` makes the device unreachable for some milliseconds; 0 only ends its connections. */
  constructor(readonly device: Device, private readonly accounts: readonly SbcAccount[], private readonly goAway: (ms: number) => void) {
    this.id = device.profile.id;
  }

  begin(call: Call): () => void {
    const route = this.routes[call.path.slice(root.length)]?.[call.method];
    if (!route?.isWrite || !authenticate(call.headers.authorization, this.accounts)) return () => undefined;
    const form = readFormFile(call.headers['content-type'], call.body);
    if ('file' in form) call.entry.scriptHash = createHash('sha256').update(form.file).digest('hex');
    this.boots.set(call.entry, this.device.boot);
    return this.writes.begin(call.entry, this.device.boot);
  }

  async answer(call: Call): Promise<Answer | undefined> {
    if (!call.path.startsWith(`${root}/`)) return described(404, 'Not found');
    const account = authenticate(call.headers.authorization, this.accounts);
    if (!account) return { status: 401, ...this.faultBody(401) };
    const routes = this.routes[call.path.slice(root.length)];
    if (!routes) return described(404, 'Not found');
    const route = routes[call.method];
    if (!route) return described(405, 'Method not allowed', { allow: Object.keys(routes).join(', ') });
    if (levels.indexOf(account.level) < levels.indexOf(route.level)) return described(403, 'The user has no sufficient privilege level');
    // What a restart finds waiting is forgotten.
    if (route.isWrite && this.boots.get(call.entry) !== this.device.boot) return undefined;
    return route.run(call);
  }

  faultBody(status: number): Pick<Answer, 'headers' | 'body'> {
    const { headers, body } = described(status, descriptions[status] ?? 'The request failed');
    return {
      headers: { ...headers, ...status === 401 && { 'www-authenticate': 'Basic realm="SBC"' }, ...status === 429 && { 'retry-after': '1' } },
      ...body !== undefined && { body },
    };
  }

  private async runScript(call: Call): Promise<Answer | undefined> {
    const { faults, entry } = call;
    const form = readFormFile(call.headers['content-type'], call.body);
    if ('problem' in form) return described(400, `Incremental CLI Script file was not loaded. ${form.problem}`);
    if (form.file.trim() === '') return described(400, 'Incremental CLI Script file was not loaded. The file is empty');
    if (faults.has('script-failure') && !faults.flag('script-failure', 'applied')) return this.forcedFailure(call);

    const { device } = this;
    const { boot, settings: { scriptTimeMs, isStrict } } = device;
    const isHitBy = (kind: 'table-full' | 'rows-locked', path: string) => faults.has(kind) && [undefined, path].includes(faults.text(kind, 'table'));
    const session = new Session({
      hostName: () => device.promptName,
      configuration: () => device.running,
      show: (what) => this.show(what),
      obey: (command) => this.obey(command),
      isStrict,
      isChildNamed: (path) => device.settings.childrenByName.includes(path),
      isFull: (path) => isHitBy('table-full', path),
      isLocked: (path) => isHitBy('rows-locked', path),
    });
    const failAtLine = faults.has('fail-at-line') ? faults.number('fail-at-line', 'line') ?? 1 : undefined;
    const { outcome, output } = await runScript(session, form.file, {
      timeMs: scriptTimeMs, isEchoed: device.printStyle.echoesScripts, isCancelled: () => device.boot !== boot, ...failAtLine !== undefined && { failAtLine },
    });
    entry.scriptRows = session.changes;
    if (session.obeyed.length > 0) entry.obeyed = session.obeyed;
    if (outcome === 'cancelled') return undefined;
    entry.appliedAt = now();
    if (faults.has('forget-rows')) this.forget(session, faults.text('forget-rows', 'table'));
    if (faults.has('forget-parameter')) this.forgetParameter(session, faults.text('forget-parameter', 'table') ?? '', faults.text('forget-parameter', 'parameter') ?? '');
    if (faults.has('script-failure')) return this.forcedFailure(call);
    const joined = output.join(device.settings.outputLineEnd);
    if (faults.has('no-status')) return json(200, { description: 'Incremental CLI Script file was loaded.', output: joined });
    if (outcome === 'failure') return json(200, { status: 'failure', description: 'Incremental CLI Script file was loaded with errors.', output: joined });
    return json(200, { status: 'success', description: 'Incremental CLI Script file was loaded.', output: joined });
  }

  private forcedFailure({ faults }: Call): Answer {
    return json(200, {
      status: 'failure',
      description: faults.text('script-failure', 'description') ?? 'Incremental CLI Script file was loaded with errors.',
      output: faults.text('script-failure', 'output') ?? `${this.device.settings.hostName}# configure voip${this.device.settings.outputLineEnd}Line 1: Error: command failed`,
    });
  }

  private forget(session: Session, only: string | undefined): void {
    for (const { action, table, name, index, parent } of session.changes) {
      if (action !== 'set' || (only !== undefined && only !== table)) continue;
      if (parent !== undefined) this.device.forgetChild(table, parent, index);
      const running = this.device.running.table(table);
      const row = name === '' ? running?.at(index) : running?.named(name);
      if (row) running?.remove(row.index);
    }
  }

  private forgetParameter(session: Session, path: string, parameter: string): void {
    const running = this.device.running.table(path);
    for (const { action, index, name, table } of session.changes) {
      const row = action !== 'set' || table !== path ? undefined : name === '' ? running?.at(index) : running?.named(name);
      if (row) running?.put({ ...row, values: Object.fromEntries(Object.entries(row.values).filter(([set]) => set !== parameter)) });
    }
  }

  private show(what: string): string {
    const [first, section] = what.split(' ');
    if (first === 'running-config') return this.device.print(section);
    return `;Software Version: ${this.device.version}\n;Product Type: ${this.device.profile.productType}\n;Serial Number: ${1_000_000 + this.id}`;
  }

  private readConfiguration(): string {
    const { device } = this;
    const print = device.print();
    const { printStyle: { lineEnd }, settings: { beforeRead, afterRead, echoesRead } } = device;
    const echoed = echoesRead ? `${device.promptName}# show running-config${lineEnd}${print}${lineEnd}${device.promptName}# ` : print;
    return `${beforeRead}${echoed}${afterRead}`;
  }

  private obey(command: DeviceCommand): void {
    if (command === 'write') this.device.save();
    else {
      this.device.restart();
      this.goAway(this.device.settings.rebootTimeMs);
    }
  }

  private save({ faults }: Call): Answer | undefined {
    if (faults.has('reboot-before-save')) {
      const awayMs = faults.number('reboot-before-save', 'ms') ?? 0;
      this.device.restart();
      if (awayMs > 0) {
        this.goAway(awayMs);
        return undefined;
      }
    }
    this.device.save();
    return json(200, { description: 'Configuration was saved.' });
  }

  private reset(): Answer {
    return {
      ...json(200, { description: 'The device is going to restart.' }),
      afterwards: () => {
        this.device.restart();
        this.goAway(this.device.settings.rebootTimeMs);
      },
    };
  }
}

const descriptions: Readonly<Record<number, string>> = {
  400: 'Incremental CLI Script file was not loaded. The script is incorrect',
  401: 'Wrong user name or password',
  403: 'The user has no sufficient privilege level',
  405: 'Method not allowed',
  409: 'Device is currently performing HA synchronization',
  429: 'Too many requests',
  500: 'Internal server error',
  503: 'The device is busy',
};

function text(body: string): Answer {
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
