import 'reflect-metadata';

import { runMain } from '@trunkline/hosting';

import { createDnsAgent } from './create-dns-agent.js';
import { readDnsAgentConfiguration } from './dns-agent.config.js';

await runMain({ name: 'dns-agent', readConfiguration: readDnsAgentConfiguration, start: createDnsAgent });
