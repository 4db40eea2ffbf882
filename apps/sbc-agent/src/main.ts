import 'reflect-metadata';

import { runMain } from '@trunkline/hosting';

import { createSbcAgent } from './create-sbc-agent.js';
import { readSbcAgentConfiguration } from './sbc-agent.config.js';

await runMain({ name: 'sbc-agent', readConfiguration: readSbcAgentConfiguration, start: (parts) => createSbcAgent({ ...parts, environment: process.env }) });
