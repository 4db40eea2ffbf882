import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { GroupCommit, GroupCommitFullError, locked, type LockWait, RefusedRowError } from './group-commit.js';

const refusedRow = () => Object.assign(new Error('value too long'), { code: '22001' });

describe('group commit', () => {
  it('commits what arrives while a commit runs in the next one', async () => {
    const batches: number[] = [];
    let endFirst: () => void = () => undefined;
    const first = new Promise<void>((resolve) => { endFirst = resolve; });
    const commits = new GroupCommit<number>(async (items) => {
      batches.push(items.length);
      if (batches.length === 1) await first;
      return items.map(() => undefined);
    });
    const done = [commits.add(0)];
    await Promise.resolve();
    await Promise.resolve();
    for (let n = 1; n <= 20; n++) done.push(commits.add(n));
    endFirst();
    await Promise.all(done);
    expect(batches).toEqual([1, 20]);
  });

  it('gives each item its own result', async () => {
    const commits = new GroupCommit<number, number>(async (items) => items.map((item) => item * 2));
    await expect(Promise.all([1, 2, 3].map((n) => commits.add(n)))).resolves.toEqual([2, 4, 6]);
  });

  it('fails only the rows that the database refuses, and commits every other one once', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 40 }), async (rows) => {
      const committed: number[] = [];
      const commits = new GroupCommit<number>(async (items) => {
        if (items.some((item) => rows[item] === false)) throw refusedRow();
        committed.push(...items);
        return items.map(() => undefined);
      }, { busyPauseMs: 0 });
      const results = await Promise.allSettled(rows.map((_isGood, index) => commits.add(index)));
      expect(results.map(({ status }) => status === 'fulfilled')).toEqual(rows);
      expect(committed.sort((a, b) => a - b)).toEqual(rows.flatMap((isGood, index) => (isGood ? [index] : [])));
      for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(RefusedRowError);
    }), { numRuns: 50 });
  });

  it('fails an item that no commit can get past alone, whatever is thrown', async () => {
    const commits = new GroupCommit<number, number>(async (items) => {
      if (items.includes(3)) throw new TypeError('a bug met the third item');
      return items;
    }, { busyPauseMs: 0 });
    const results = await Promise.allSettled([1, 2, 3, 4, 5].map((n) => commits.add(n)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(results[2]).toMatchObject({ reason: expect.any(TypeError) as unknown });
  });

  describe('of which one waits for a lock in vain', () => {
    const lockError = (code = '55P03') => Object.assign(new Error('lock timeout'), { code });
    /** Commits of all but 3; that one waits for `letGo` when it is alone, and fails. */
    const stuckAtThree = (code?: string) => {
      let letGo: () => void = () => undefined;
      const stuck = new Promise<void>((resolve) => { letGo = resolve; });
      const seen: { items: readonly number[]; wait: LockWait }[] = [];
      const commits = new GroupCommit<number, number>(async (items, wait) => {
        seen.push({ items, wait });
        if (!items.includes(3)) return items;
        if (items.length === 1) await stuck;
        throw lockError(code);
      }, { busyPauseMs: 0 });
      return { commits, letGo: () => { letGo(); }, seen };
    };

    it.each(['55P03', '40P01'])('tries each alone, beside the others (%s)', async (code) => {
      const { commits, letGo } = stuckAtThree(code);
      const all = [1, 2, 3, 4].map((n) => commits.add(n));
      const last = expect(all[2]).rejects.toThrow('lock timeout');
      expect(await Promise.all([all[0], all[1], all[3]])).toEqual([1, 2, 4]);
      letGo();
      await last;
    });

    it('commits the next groups meanwhile, which wait for no lock as long as that one did', async () => {
      const { commits, letGo, seen } = stuckAtThree();
      const all = [1, 2, 3].map((n) => commits.add(n));
      const last = expect(all[2]).rejects.toThrow('lock timeout');
      await all[1];
      expect(await Promise.all([5, 6].map((n) => commits.add(n)))).toEqual([5, 6]);
      expect(seen.find(({ items }) => items.includes(5))).toEqual({ items: [5, 6], wait: { isAlone: false, lockTimeoutMs: 100 } });
      expect(seen.filter(({ items }) => items.includes(3)).map(({ wait }) => wait)).toEqual([{ isAlone: false }, { isAlone: true }]);
      letGo();
      await last;
      await commits.idle();
    });

    it('tries one alone that was by itself in a group that would not wait', async () => {
      const { commits, letGo, seen } = stuckAtThree();
      letGo();
      await Promise.allSettled([commits.add(2), commits.add(3)]);
      seen.splice(0);
      await expect(commits.add(3)).rejects.toThrow('lock timeout');
      expect(seen.map(({ wait }) => wait)).toEqual([{ isAlone: false, lockTimeoutMs: 100 }, { isAlone: true }]);
    });

    it('tries two at a time at most, in order, and is idle when all have been', async () => {
      let atOnce = 0;
      let most = 0;
      const tried: number[] = [];
      const commits = new GroupCommit<number>(async (items, { isAlone }) => {
        if (!isAlone) throw lockError();
        most = Math.max(most, ++atOnce);
        await new Promise((resolve) => { setImmediate(resolve); });
        atOnce -= 1;
        tried.push(...items);
        return [undefined];
      });
      void Promise.all([1, 2, 3, 4, 5].map((n) => commits.add(n)));
      await commits.idle();
      expect([tried, most]).toEqual([[1, 2, 3, 4, 5], 2]);
    });
  });

  it('tries an item alone whose row was locked, and answers the others', async () => {
    const commits = new GroupCommit<number, string>(async (items, { isAlone }) => items.map((item) => (isAlone ? `${item} alone` : item === 2 ? locked : `${item}`)));
    expect(await Promise.all([1, 2, 3].map((n) => commits.add(n)))).toEqual(['1', '2 alone', '3']);
  });

  it('fails the whole batch, without trying again, when the database is away', async () => {
    let tries = 0;
    const commits = new GroupCommit<number>(async () => {
      tries += 1;
      throw Object.assign(new Error('terminated'), { code: '57P01' });
    });
    const results = await Promise.allSettled([commits.add(1), commits.add(2)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(tries).toBe(1);
  });

  it('refuses more than may wait', async () => {
    const commits = new GroupCommit<number>(async (items) => items.map(() => undefined), { maxWaiting: 2 });
    const results = await Promise.allSettled([1, 2, 3].map((n) => commits.add(n)));
    expect(results[2]).toMatchObject({ status: 'rejected', reason: expect.any(GroupCommitFullError) as unknown });
    await expect(commits.add(4)).resolves.toBeUndefined();
  });
});
