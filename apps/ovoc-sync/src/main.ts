import 'reflect-metadata';

import { runMain } from '@trunkline/hosting';

import { createOvocSync } from './create-ovoc-sync.js';
import { readOvocSyncConfiguration } from './ovoc-sync.config.js';

await runMain({ name: 'ovoc-sync', readConfiguration: readOvocSyncConfiguration, start: createOvocSync });
