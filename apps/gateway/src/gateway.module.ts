import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { QueryClient, type Transport } from '@trunkline/messaging';
import { Clock, Health, type Logger } from '@trunkline/runtime';
import { Secrets } from '@trunkline/secrets';

import { CatalogueController } from './catalogue/catalogue.controller.js';
import { CreateCustomerController } from './customers/create-customer.controller.js';
import { CustomerRequests } from './customers/customer-requests.js';
import { DeleteCustomerController } from './customers/delete-customer.controller.js';
import { ReadCustomersController } from './customers/read-customers.controller.js';
import { DeadLettersController } from './dead-letters/dead-letters.controller.js';
import type { GatewayConfiguration } from './gateway.config.js';
import { HealthController } from './health/health.controller.js';
import type { ProvisionerStanding } from './health/provisioner-standing.js';
import { Reads } from './reads/reads.js';
import { ScalingController } from './scaling/scaling.controller.js';
import { TasksController } from './tasks/tasks.controller.js';
import { DeploymentLog } from './waiting/deployment-log.js';
import { WaitingRoom } from './waiting/waiting-room.js';
import { type WaitingTimes, waitingTimes } from './waiting/waiting-times.js';

export interface GatewayModuleOptions {
  readonly configuration: Omit<GatewayConfiguration, 'AMQP_URL' | 'AMQP_NAME_PREFIX' | 'LOG_LEVEL'>;
  /** Started already. */
  readonly transport: Transport;
  readonly logger: Logger;
  /** Name that no other gateway on the same broker has; letters, digits, `_` and `-`. */
  readonly instance: string;
  readonly health: Health;
  readonly standing: ProvisionerStanding;
  readonly clock: Clock;
  readonly times?: Partial<WaitingTimes>;
}

const controllers: Type[] = [
  CreateCustomerController, DeleteCustomerController, ReadCustomersController, TasksController, CatalogueController, DeadLettersController,
  ScalingController,
];

/** The interface below the configured path. */
@Module({ controllers })
class ApiModule {}

/** The same where the product's own clients expect it. */
@Module({ controllers })
class TenantuiModule {}

const tenantui = '/tenantui';

@Module({ controllers: [HealthController] })
export class GatewayModule {
  static register({ clock, configuration, health, instance, logger, standing, times, transport }: GatewayModuleOptions): DynamicModule {
    const { BASE_PATH, SECRETS_KEY, SYNC_WAIT_MS } = configuration;
    const queries = new QueryClient(transport);
    const room = new WaitingRoom(
      transport, new DeploymentLog(queries), standing, `gateway.${instance}`, { ...waitingTimes, budgetMs: SYNC_WAIT_MS, ...times }, clock, logger,
    );
    const providers = [
      { provide: Health, useValue: health },
      { provide: Clock, useValue: clock },
      { provide: Reads, useValue: new Reads(queries) },
      { provide: WaitingRoom, useValue: room },
      { provide: CustomerRequests, useValue: new CustomerRequests(new Secrets(SECRETS_KEY), room.origin, clock) },
    ];
    const doors = [{ path: tenantui, module: TenantuiModule }, ...(BASE_PATH === tenantui ? [] : [{ path: BASE_PATH === '' ? '/' : BASE_PATH, module: ApiModule }])];
    return {
      module: GatewayModule, global: true, providers, exports: providers.map(({ provide }) => provide),
      imports: [...doors.map(({ module }) => module), RouterModule.register(doors)],
    };
  }
}
