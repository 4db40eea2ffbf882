import { randomUUID } from 'node:crypto';

import { Controller, Inject, Module } from '@nestjs/common';
import { type ClientProxy, Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { DataSource } from 'typeorm';

import { Customer, Deployment, openDatabase, Site } from './entities.js';
import type { CustomerRequested } from './events.js';
import { acknowledged, clientOf, send } from './rabbitmq.js';

@Controller()
export class CustomersController {
  constructor(@Inject(DataSource) private readonly database: DataSource, @Inject('next') private readonly sbc: ClientProxy) {}

  @EventPattern('tenant.checked')
  async onTenantChecked(@Payload() event: CustomerRequested, @Ctx() context: unknown): Promise<void> {
    await acknowledged(context, async () => {
      const { customerId, fullName, msTenantId, sbcId, scriptId, shortName } = event;
      const siteId = randomUUID();
      await this.database.transaction(async (manager) => {
        await manager.insert(Customer, { id: customerId, shortName, fullName, msTenantId });
        await manager.insert(Site, { id: siteId, customerId, sbcId, scriptId });
        await manager.update(Deployment, { id: customerId }, { state: 'Created' });
      });
      await send(this.sbc, 'customer.created', { ...event, siteId });
    });
  }
}

@Module({
  controllers: [CustomersController],
  providers: [{ provide: DataSource, useFactory: () => openDatabase('customers') }, { provide: 'next', useFactory: () => clientOf('sbc') }],
})
export class CustomersModule {}
