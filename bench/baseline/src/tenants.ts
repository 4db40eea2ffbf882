import { Controller, Inject, Module } from '@nestjs/common';
import { type ClientProxy, Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { request } from 'undici';

import { Deployment, openDatabase } from './entities.js';
import type { CustomerRequested } from './events.js';
import { acknowledged, clientOf, send } from './rabbitmq.js';
import { settings } from './settings.js';

@Controller()
export class TenantsController {
  private readonly known = new Map<string, Promise<void>>();

  constructor(@Inject(DataSource) private readonly database: DataSource, @Inject('next') private readonly customers: ClientProxy) {}

  @EventPattern('customer.requested')
  async onRequested(@Payload() event: CustomerRequested, @Ctx() context: unknown): Promise<void> {
    await acknowledged(context, async () => {
      const { customerId, msTenantId, shortName } = event;
      await this.check(msTenantId);
      await this.database.transaction((manager) => manager.insert(Deployment, { id: customerId, shortName, msTenantId, state: 'TenantValid' }));
      await send(this.customers, 'tenant.checked', event);
    });
  }

  private check(tenantId: string): Promise<void> {
    const known = this.known.get(tenantId) ?? ask(tenantId);
    this.known.set(tenantId, known);
    known.catch(() => this.known.delete(tenantId));
    return known;
  }
}

async function ask(tenantId: string): Promise<void> {
  const { body, statusCode } = await request(`${settings.microsoftUrl}/${tenantId}/.well-known/openid-configuration`);
  const metadata = await body.json() as { readonly issuer?: string };
  if (statusCode !== 200 || !metadata.issuer?.includes(tenantId)) throw new Error(`there is no tenant ${tenantId}`);
}

@Module({
  controllers: [TenantsController],
  providers: [{ provide: DataSource, useFactory: () => openDatabase('tenants') }, { provide: 'next', useFactory: () => clientOf('customers') }],
})
export class TenantsModule {}
