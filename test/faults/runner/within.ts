/** What `work` comes to; fails with `what` when it takes longer than `ms`. The work itself goes on: who waits must not hang. */
export async function within<T>(what: string, ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => { reject(new Error(`waited ${ms} ms in vain for ${what}`)); }, ms);
  });
  // Whoever lost the race has nobody left to tell.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
