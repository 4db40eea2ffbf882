import { it } from 'vitest';

import { limits } from './limits/limits.js';
import { type Options, readOptions, type ScenarioName } from './options.js';
import { Report } from './report.js';
import { agents } from './scenarios/agents.js';
import { fastPeers } from './scenarios/fast-peers.js';
import { fullSbc } from './scenarios/full-sbc.js';
import { idle } from './scenarios/idle.js';
import { oneSbc } from './scenarios/one-sbc.js';
import { reads } from './scenarios/reads.js';
import { respondAsync } from './scenarios/respond-async.js';
import { saturation } from './scenarios/saturation.js';
import { slowPeers } from './scenarios/slow-peers.js';
import { storedDeployments } from './scenarios/stored.js';
import { waitingDeployments } from './scenarios/waiting.js';

const scenarios: Readonly<Record<ScenarioName, (options: Options, report: Report) => Promise<void>>> = {
  a: fastPeers, b: slowPeers, c: oneSbc, d: storedDeployments, e: waitingDeployments, f: agents, g: respondAsync, h: reads, i: fullSbc, j: idle,
  k: saturation, limits,
};

const options = readOptions();

it(`scenario ${options.scenario}`, async () => {
  await scenarios[options.scenario](options, new Report(options.jsonFile, options.chartFile));
});
