import 'reflect-metadata';

import { runMain } from '@trunkline/hosting';

import { createProvisioner } from './create-provisioner.js';
import { readProvisionerConfiguration } from './provisioner.config.js';

await runMain({ name: 'provisioner', readConfiguration: readProvisionerConfiguration, start: createProvisioner });
