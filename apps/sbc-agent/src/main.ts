import 'reflect-metadata';

import { runMain } from '@trunkline/hosting';
import { inventoryProblems } from '@trunkline/inventory';
import { defaultInventoryFile } from '@trunkline/runtime';

import { createSbcAgent } from './create-sbc-agent.js';
import { readSbcAgentConfiguration } from './sbc-agent.config.js';

await runMain({ name: 'sbc-agent', readConfiguration: readSbcAgentConfiguration, alsoCheck: (environment) => inventoryProblems(environment.INVENTORY_FILE || defaultInventoryFile, environment),
  start: (parts) => createSbcAgent({ ...parts, environment: process.env }) });
