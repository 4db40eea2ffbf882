import { Controller, Inject, Module } from '@nestjs/common';
import { type ClientProxy, Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { request } from 'undici';

import { Deployment, openDatabase, OvocSite } from './entities.js';
import type { CustomerCreated } from './events.js';
import { acknowledged, clientOf, send } from './rabbitmq.js';
import { basic, settings } from './settings.js';

const root = `${settings.ovocUrl}/ovoc/v1/topology`;
const headers = { authorization: basic('ovoc', 'ovoc-pw') };

@Controller()
export class OvocController {
  constructor(@Inject(DataSource) private readonly database: DataSource, @Inject('next') private readonly gateway: ClientProxy) {}

  @EventPattern('sbc.onboarded')
  async onOnboarded(@Payload() event: CustomerCreated, @Ctx() context: unknown): Promise<void> {
    await acknowledged(context, async () => {
      const { customerId, siteId } = event;
      const created = await createSite(event);
      await this.database.transaction(async (manager) => {
        await manager.insert(OvocSite, { siteId, ...created });
        await manager.update(Deployment, { id: customerId }, { state: 'Deployed' });
      });
      await send(this.gateway, 'deployment.completed', { customerId, siteId });
    });
  }
}

async function createSite({ customerId: description, fullName, msTenantId, sbcId, shortName: name, siteId }: CustomerCreated) {
  const deviceId = 400 + sbcId;
  if (await exists('services', `serviceId='${description}'`)) throw new Error(`OVOC has a service of customer ${description}`);
  const lcCustomerId = await create('lcCustomers', { name, tenantId: settings.ovocTenantId, msTenantId, description });
  const serviceId = await create('services', {
    name, fullName, serviceId: description, lcCustomerId, licenseType: 'ESSENTIALS', serviceSource: 'LTC', customerType: 'IPGROUP_TYPE', msTenantId, description,
  });
  const ovocSiteId = await create('sites', { name, serviceId, siteGuid: siteId, deviceId, description });
  const linkId = await create('links', { name, siteId: ovocSiteId, deviceId, linkType: 'IP_GROUP', ipGroupName: name, description });
  return { lcCustomerId, serviceId, ovocSiteId, linkId };
}

async function exists(resource: string, filter: string): Promise<boolean> {
  const { body, statusCode } = await request(`${root}/${resource}?detail=1&filter=${encodeURIComponent(`(${filter})`)}`, { headers });
  const text = await body.text();
  if (statusCode >= 300) throw new Error(`OVOC answers ${statusCode}: ${text}`);
  const found = text === '' ? {} : JSON.parse(text) as Readonly<Record<string, readonly unknown[] | undefined>>;
  return (found[resource] ?? []).length > 0;
}

async function create(resource: string, object: object): Promise<number> {
  const { body, statusCode } = await request(`${root}/${resource}`, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(object) });
  const text = await body.text();
  if (statusCode !== 201) throw new Error(`OVOC answers ${statusCode}: ${text}`);
  return (JSON.parse(text) as { readonly id: number }).id;
}

@Module({
  controllers: [OvocController],
  providers: [{ provide: DataSource, useFactory: () => openDatabase('ovoc') }, { provide: 'next', useFactory: () => clientOf('gateway') }],
})
export class OvocModule {}
