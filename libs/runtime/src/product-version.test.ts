import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkoutDir } from '@trunkline/testing';
import { expect, it } from 'vitest';

import { productFolder, productVersion } from './product-version.js';

it('The product\'s folder is that of its package.json', () => {
  expect(productFolder()).toBe(checkoutDir);
});

it('The product\'s version is that of its package.json', () => {
  expect(productVersion()).toBe((JSON.parse(readFileSync(join(checkoutDir, 'package.json'), 'utf8')) as { version: string }).version);
});
