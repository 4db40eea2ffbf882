import { describe, expect, it } from 'vitest';

import { unprivilegedAccount } from './account.js';

const root = 'root:x:0:0:root:/root:/bin/bash\n';
const postgres = 'postgres:x:101:104:PostgreSQL:/var/lib/postgresql:/bin/bash\n';
const nobody = 'nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin\n';

describe('the account that runs PostgreSQL for root', () => {
  it.each([
    ['is postgres', root + nobody + postgres, { name: 'postgres', ids: { uid: 101, gid: 104 } }],
    ['is nobody where there is no postgres', root + nobody, { name: 'nobody', ids: { uid: 65534, gid: 65533 } }],
    ['is none where both are missing', root, undefined],
    ['is never an account with the rights of root', 'postgres:x:0:0::/:/bin/sh\n', undefined],
  ])('%s', (_name, passwd, expected) => {
    expect(unprivilegedAccount(passwd)).toEqual(expected);
  });
});
