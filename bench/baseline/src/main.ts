import 'reflect-metadata';

import type { AddressInfo } from 'node:net';

import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

import { CustomersModule } from './customers.js';
import { GatewayModule } from './gateway.js';
import { OvocModule } from './ovoc.js';
import { consumerOf } from './rabbitmq.js';
import { SbcModule } from './sbc.js';
import { TenantsModule } from './tenants.js';

const steps = { tenants: TenantsModule, customers: CustomersModule, sbc: SbcModule, ovoc: OvocModule };
const name = process.argv[2] ?? '';
const logger = ['error', 'warn'] as ('error' | 'warn')[];

/** The address it listens on; undefined of a step. */
async function start(): Promise<string | undefined> {
  if (name === 'gateway') {
    const app = await NestFactory.create<NestFastifyApplication>(GatewayModule, new FastifyAdapter(), { logger });
    app.connectMicroservice(consumerOf('gateway'));
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    return `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  }
  const module = (steps as Readonly<Record<string, Type>>)[name];
  if (!module) throw new Error(`no such process: ${name}`);
  const app = await NestFactory.createMicroservice(module, { ...consumerOf(name as keyof typeof steps), logger });
  await app.listen();
  return undefined;
}

const url = await start();
process.stdout.write(`${JSON.stringify({ event: 'ready', ...url === undefined ? {} : { url } })}\n`);
process.once('SIGTERM', () => { process.exit(0); });
