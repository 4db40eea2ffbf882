import { Database } from '@trunkline/persistence';
import { type FreshDatabase, freshDatabase } from '@trunkline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { messagingMigrations } from './messaging-migrations.js';

describe('the tables of messaging', () => {
  let fresh: FreshDatabase;
  const open = (migrations: typeof messagingMigrations | readonly [typeof messagingMigrations[0]]): Promise<Database> => Database.open({
    url: fresh.provisioner, schema: 'provisioner', applicationName: 'test', poolSize: 3, entities: [], migrations,
  });

  beforeAll(async () => { fresh = await freshDatabase(); });
  afterAll(() => fresh.drop());

  it('keep the column that the dead letters of an earlier release gave the outbox', async () => {
    const earlier = await open([messagingMigrations[0]]);
    await earlier.run({ name: '', text: 'ALTER TABLE outbox ADD COLUMN times_returned integer NOT NULL DEFAULT 0', values: [] });
    await earlier.run({ name: '', text: `INSERT INTO outbox (exchange, routing_key, message_id, body, bcc, is_redrive, times_returned) VALUES ('', 'q', 'm', '{}', '{}', false, 3)`, values: [] });
    await earlier.close();
    const now = await open(messagingMigrations);
    expect(await now.run({ name: '', text: 'SELECT times_returned FROM outbox', values: [] })).toEqual([{ times_returned: 3 }]);
    await now.close();
  });
});
