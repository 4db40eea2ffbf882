import { randomUUID } from 'node:crypto';

import { Body, Controller, HttpCode, Inject, Module, Post, ValidationPipe } from '@nestjs/common';
import { type ClientProxy, Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { Type } from 'class-transformer';
import { IsInt, IsString, IsUUID, Length, Matches, ValidateNested } from 'class-validator';

import type { CustomerRequested, DeploymentCompleted } from './events.js';
import { acknowledged, clientOf, send } from './rabbitmq.js';

class SiteLocation {
  @IsInt() sbcId: number;
  @IsInt() sbcOnboardingScript: number;
}

class CreateCustomer {
  @IsString() @Length(3, 15) @Matches(/^[A-Za-z][A-Za-z0-9]*$/) shortName: string;
  @IsString() @Length(1, 100) fullName: string;
  @IsUUID() msTenantId: string;
  @ValidateNested() @Type(() => SiteLocation) siteLocation: SiteLocation;
}

const waitMs = 60_000;
const body = new ValidationPipe({ transform: true, whitelist: true, expectedType: CreateCustomer });

@Controller()
export class GatewayController {
  private readonly waiting = new Map<string, (event: DeploymentCompleted) => void>();

  constructor(@Inject('next') private readonly tenants: ClientProxy) {}

  @Post('customers') @HttpCode(200)
  async create(@Body(body) { fullName, msTenantId, shortName, siteLocation }: CreateCustomer) {
    const customerId = randomUUID();
    const event: CustomerRequested = { customerId, shortName, fullName, msTenantId, sbcId: siteLocation.sbcId, scriptId: siteLocation.sbcOnboardingScript };
    const completed = new Promise<DeploymentCompleted>((resolve, reject) => {
      this.waiting.set(customerId, resolve);
      setTimeout(() => { reject(new Error('timed out')); }, waitMs).unref();
    });
    await send(this.tenants, 'customer.requested', event);
    const { siteId } = await completed;
    return { id: customerId, siteLocationIds: [siteId], deploymentState: 'Deployed' };
  }

  @EventPattern('deployment.completed')
  async onCompleted(@Payload() event: DeploymentCompleted, @Ctx() context: unknown): Promise<void> {
    await acknowledged(context, async () => {
      this.waiting.get(event.customerId)?.(event);
      this.waiting.delete(event.customerId);
    });
  }
}

@Module({ controllers: [GatewayController], providers: [{ provide: 'next', useFactory: () => clientOf('tenants') }] })
export class GatewayModule {}
