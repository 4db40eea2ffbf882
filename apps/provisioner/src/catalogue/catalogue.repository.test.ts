import type { Database } from '@trunkline/persistence';
import { expect, it } from 'vitest';

import { CatalogueRepository } from './catalogue.repository.js';
import { SbcEntity } from './sbc.entity.js';

it('the catalogue in memory does not go back when a slower commit has seen an older revision', async () => {
  let sbcs = [{ id: 1, ovocSbcId: 401 }];
  const find = (entity: unknown) => () => Promise.resolve(entity === SbcEntity ? sbcs : []);
  const catalogue = new CatalogueRepository({ dataSource: { getRepository: (entity: unknown) => ({ find: find(entity) }) } } as unknown as Database);
  catalogue.isAt('9');
  await catalogue.current();
  sbcs = [...sbcs, { id: 2, ovocSbcId: 402 }];
  catalogue.isAt('10');
  catalogue.isAt('9');
  expect((await catalogue.current()).sbc(2, 'ump')).toBeDefined();
});
