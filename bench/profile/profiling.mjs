// Preloaded into a measured program: `npm run bench -- --profile FOLDER`.
// Writes what its processor time was spent on when it ends; speedscope and browsers open it.
import { Session } from 'node:inspector';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const { TRUNKLINE_PROFILE_FOLDER: folder = '' } = process.env;
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.start');
process.on('exit', () => {
  session.post('Profiler.stop', (error, { profile }) => {
    if (error) return;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${basename(process.argv[1], '.js')}-${process.pid}.cpuprofile`), JSON.stringify(profile));
  });
});
