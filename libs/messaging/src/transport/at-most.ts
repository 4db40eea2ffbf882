/** Waits for work that may never end, no longer than `ms`; answers whether it has ended. A failure of the work is the caller's. */
export async function atMost(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([work.then(() => true), new Promise<false>((resolve) => { timer = setTimeout(resolve, ms, false); })]);
  } finally {
    clearTimeout(timer);
  }
}
