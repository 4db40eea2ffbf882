// A PostgreSQL that can be made to fail, over all its runs.
import { identify, trySignal, waitUntil } from './processes.mjs';

const goneWithinMs = 20_000;

/**
 * Starts it on its data; answers `{superuserUrl, url(role), stop(), control}`. `control` is for those who want it to fail: `stopAtOnce()` is an
 * immediate shutdown, `kill()` is kill -9 of the server; `start()` begins again on the same port and data. `onFailure` hears of other ends.
 */
export async function startOwnPostgres({ dataDir, onFailure, startEmbeddedPostgres }) {
  let isMeant = false;
  const launch = (port) => startEmbeddedPostgres({ dataDir, ...(port === undefined ? {} : { port }), onFailure: (said) => { if (!isMeant) onFailure(said); } });
  let server = await launch();
  const end = async (signal) => {
    isMeant = true;
    const { pid } = server;
    trySignal(pid, signal);
    if (!await waitUntil(() => identify(pid) === undefined, goneWithinMs)) throw new Error(`PostgreSQL does not end on ${signal}`);
  };
  return {
    superuserUrl: server.superuserUrl,
    url: (role) => server.url(role),
    stop: () => {
      isMeant = true;
      return server.stop();
    },
    control: {
      stopAtOnce: () => end('SIGQUIT'),
      kill: () => end('SIGKILL'),
      start: async () => {
        if (!isMeant) throw new Error('PostgreSQL is running');
        server = await launch(server.port);
        isMeant = false;
      },
    },
  };
}
