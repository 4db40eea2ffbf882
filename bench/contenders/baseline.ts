import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freshDatabase, type FreshDatabase, ServiceProcess, testSetting } from '@trunkline/testing';

import { countingIn, type Counts, readCounts } from '../counts/counts.js';
import type { Contender, Deployed, Order } from './contender.js';
import { deployedIn, Http } from './http.js';
import type { Peers } from './trunkline.js';

/** The same onboarding with stock NestJS: bench/baseline. */
export class Baseline implements Contender {
  readonly name = 'baseline';

  private constructor(
    private readonly database: FreshDatabase, private readonly folder: string, private readonly processes: readonly ServiceProcess[],
    private readonly http: Http,
  ) {}

  static async start({ microsoft, ovoc, sbcs }: Peers): Promise<Baseline> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-'));
    const database = await freshDatabase();
    const shared = {
      AMQP_URL: testSetting('TRUNKLINE_TEST_AMQP_URL'), QUEUE_PREFIX: `${randomUUID()}.`, MICROSOFT_BASE_URL: microsoft, OVOC_BASE_URL: ovoc, SBC_URLS: JSON.stringify(sbcs),
      DATABASE_URL: database.superuserUrl, ...countingIn(folder),
    };
    const processes: ServiceProcess[] = [];
    let url = '';
    // One after the other: the first makes the tables.
    for (const step of ['tenants', 'customers', 'sbc', 'ovoc', 'gateway']) {
      const process = ServiceProcess.run('bench/baseline/main.js', [step], shared, `baseline-${step}`);
      processes.push(process);
      const ready = await process.logged('that it is ready', (record) => (record.event === 'ready' ? record : undefined));
      if (typeof ready.url === 'string') url = ready.url;
    }
    return new Baseline(database, folder, processes, new Http(url));
  }

  pids(): readonly number[] {
    return this.processes.flatMap(({ pid }) => pid ?? []);
  }

  async create(order: Order): Promise<Deployed> {
    const { msTenantId, sbcId, shortName } = order;
    const answer = await this.http.send('POST', '/customers', { shortName, fullName: `${shortName} Ltd`, msTenantId, siteLocation: { sbcId, sbcOnboardingScript: 7 } });
    return { ...order, customerGuid: deployedIn(answer).id };
  }

  counts(): Promise<Counts> {
    return readCounts(this.folder, this.pids());
  }

  lastLines(): string {
    return this.processes.map((process) => process.lastLines(10)).join('\n');
  }

  async stop(): Promise<void> {
    await this.http.close();
    await Promise.all(this.processes.map((process) => process.stop()));
    await this.database.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
