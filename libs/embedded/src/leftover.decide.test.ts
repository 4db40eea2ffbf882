import { describe, expect, it } from 'vitest';

import { decideLeftover, isAttached, ownerArgument, ownerOf, parseLockFile } from './leftover.decide.js';

const clusterDir = '/data/postgres/cluster';
const lock = { pid: 812, sharedMemoryId: 5 };
const ours = `/opt/bin/postgres -D ${clusterDir} -c trunkline.owner=77:9001`;

describe('a lock file of the cluster', () => {
  it.each([
    ['is no concern when there is none', { lock: undefined, commandLine: undefined }, 'none'],
    ['is left to PostgreSQL when its process is gone', { commandLine: undefined }, 'none'],
    ['means in use when the program that started the server is running', { commandLine: ours, isOwnerRunning: true }, 'in-use'],
    ['means a leftover when the program that started the server is gone', { commandLine: ours }, 'stop-it'],
    ['is cleared when its number now belongs to another program', { commandLine: '/usr/bin/nginx' }, 'clear-lock'],
    ['is left alone while children of a dead server are attached to its memory', { commandLine: '/usr/bin/nginx', isMemoryInUse: true }, 'none'],
  ] as const)('%s', (_name, facts, expected) => {
    expect(decideLeftover({ lock, clusterDir, isOwnerRunning: false, isMemoryInUse: false, ...facts })).toBe(expected);
  });

  it('tells the process and its shared memory', () => {
    expect(parseLockFile('812\n/data\n1700000000\n5433\n\n127.0.0.1\n  16924160        98\nready   \n')).toEqual({ pid: 812, sharedMemoryId: 98 });
  });

  it.each([['empty', ''], ['not a number', 'x\n']])('tells nothing while it is %s', (_name, text) => {
    expect(parseLockFile(text)).toBeUndefined();
  });

  it.each([[98, true], [99, false], [100, false]])('finds out whether segment %i is in use', (id, expected) => {
    const segments = [
      '       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      atime      dtime      ctime        rss       swap',
      '  16924160         98   600                    56   812   812      6   101   104   101   104 1700000000 1700000000 1700000000       4096          0',
      '  16924161         99   600                    56   813   813      0   101   104   101   104 1700000000 1700000000 1700000000       4096          0',
    ].join('\n');
    expect(isAttached(segments, id)).toBe(expected);
  });
});

describe('the owner of a server', () => {
  it('is read back from the command line', () => {
    expect(ownerOf(`postgres -c ${ownerArgument({ pid: 77, startedAt: '9001' })} -p 5433`)).toEqual({ pid: 77, startedAt: '9001' });
  });

  it('is unknown for a server that somebody else started', () => {
    expect(ownerOf('postgres -D /data')).toBeUndefined();
  });
});
