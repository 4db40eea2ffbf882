import { Controller, Inject, Module } from '@nestjs/common';
import { type ClientProxy, Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { FormData, request } from 'undici';

import { Deployment, openDatabase, SbcSite } from './entities.js';
import type { CustomerCreated } from './events.js';
import { acknowledged, clientOf, send } from './rabbitmq.js';
import { basic, settings } from './settings.js';

const headers = { authorization: basic('admin', 'admin-pw') };

@Controller()
export class SbcController {
  /** The last work on each SBC: a device takes one script at a time. */
  private readonly last = new Map<number, Promise<void>>();

  constructor(@Inject(DataSource) private readonly database: DataSource, @Inject('next') private readonly ovoc: ClientProxy) {}

  @EventPattern('customer.created')
  async onCustomerCreated(@Payload() event: CustomerCreated, @Ctx() context: unknown): Promise<void> {
    await acknowledged(context, async () => {
      const { customerId, sbcId, shortName, siteId } = event;
      await this.alone(sbcId, () => program(event));
      await this.database.transaction(async (manager) => {
        await manager.insert(SbcSite, { siteId, sbcId, ipGroup: shortName });
        await manager.update(Deployment, { id: customerId }, { state: 'Programmed' });
      });
      await send(this.ovoc, 'sbc.onboarded', event);
    });
  }

  private alone(sbcId: number, work: () => Promise<void>): Promise<void> {
    const done = (this.last.get(sbcId) ?? Promise.resolve()).then(work);
    this.last.set(sbcId, done.catch(() => undefined));
    return done;
  }
}

async function program(event: CustomerCreated): Promise<void> {
  const base = `${settings.sbcUrls[event.sbcId]}/api/v1`;
  const form = new FormData();
  form.set('file', new File([scriptOf(event)], 'cli.txt'));
  const loaded = JSON.parse(await call('PUT', `${base}/files/cliScript/incremental`, form)) as { readonly status?: string };
  if (loaded.status !== 'success') throw new Error(`the script failed on SBC ${event.sbcId}`);
  await call('POST', `${base}/actions/saveConfiguration`);
  const configuration = await call('GET', `${base}/files/cliScript`);
  if (!configuration.includes(event.shortName)) throw new Error(`SBC ${event.sbcId} does not have ${event.shortName}`);
}

async function call(method: 'GET' | 'POST' | 'PUT', url: string, body: FormData | null = null): Promise<string> {
  const answer = await request(url, { method, headers, body });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${method} ${url}: ${answer.statusCode} ${text}`);
  return text;
}

function scriptOf({ msTenantId, shortName }: CustomerCreated): string {
  return `configure voip
 ip-group new
  name "${shortName}"
  type server
  tags "Trunk=${msTenantId}"
  activate
 exit
 sbc routing ip2ip-routing new
  route-name "${shortName}-in"
  src-ip-group-name "Teams-OC"
  dst-ip-group-name "${shortName}"
  activate
 exit
exit
`;
}

@Module({
  controllers: [SbcController],
  providers: [{ provide: DataSource, useFactory: () => openDatabase('sbc') }, { provide: 'next', useFactory: () => clientOf('ovoc') }],
})
export class SbcModule {}
