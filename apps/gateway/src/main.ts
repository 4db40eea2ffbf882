import 'reflect-metadata';

import { runMain } from '@trunkline/hosting';

import { createGateway } from './create-gateway.js';
import { readGatewayConfiguration } from './gateway.config.js';

await runMain({ name: 'gateway', startsUnconnected: true, readConfiguration: readGatewayConfiguration, start: createGateway });
