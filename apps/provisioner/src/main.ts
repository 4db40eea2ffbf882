import 'reflect-metadata';

import { runMain } from '@trunkline/hosting';
import { inventoryProblems } from '@trunkline/inventory';
import { defaultInventoryFile } from '@trunkline/runtime';

import { createProvisioner } from './create-provisioner.js';
import { readProvisionerConfiguration } from './provisioner.config.js';

await runMain({
  name: 'provisioner', readConfiguration: readProvisionerConfiguration, start: createProvisioner,
  alsoCheck: ({ INVENTORY_FILE }) => inventoryProblems(INVENTORY_FILE || defaultInventoryFile),
});
