import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { checkoutDir, freePort } from '@trunkline/testing';

import { findHaproxy } from '../../scripts/lib/haproxy.mjs';

/** They end with us, however we end. */
const running = new Set<ChildProcess>();
process.once('exit', () => { for (const child of running) child.kill('SIGKILL'); });

/** HAProxy before some gateways. It repeats no call at another one, so that callers see what became of each. */
export class LoadBalancer {
  private constructor(readonly url: string, private readonly child: ChildProcess, private readonly folder: string) {
    running.add(child);
  }

  /** A gateway that fails one of the checks, made so often, gets no further calls. */
  static async start(gateways: readonly string[], checkEveryMs: number): Promise<LoadBalancer> {
    const { command, environment } = await findHaproxy(join(checkoutDir, '.cache/haproxy'), (line) => { process.stderr.write(`${line}\n`); });
    const folder = mkdtempSync(join(tmpdir(), 'trunkline-haproxy-'));
    const [file, port] = [join(folder, 'haproxy.cfg'), await freePort()];
    writeFileSync(file, [
      'defaults', '  mode http', '  retries 0', '  timeout connect 2s', '  timeout client 120s', '  timeout server 120s',
      'listen gateways', `  bind 127.0.0.1:${port}`, '  balance roundrobin', '  option httpchk GET /health/ready', `  default-server check inter ${checkEveryMs} fall 1 rise 1`,
      ...gateways.map((url, index) => `  server gateway-${index} ${new URL(url).host}`), '',
    ].join('\n'));
    return new LoadBalancer(`http://127.0.0.1:${port}`, spawn(command, ['-db', '-f', file], { env: { ...process.env, ...environment }, stdio: ['ignore', 'ignore', 'inherit'] }), folder);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      this.child.kill('SIGKILL');
      await once(this.child, 'close');
    }
    running.delete(this.child);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
