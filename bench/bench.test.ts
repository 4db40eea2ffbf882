import { it } from 'vitest';

import { type Options, readOptions, type ScenarioName } from './options.js';
import { Report } from './report.js';
import { mixedLoad } from './scenarios/mixed-load.js';

const scenarios: Partial<Readonly<Record<ScenarioName, (options: Options, report: Report) => Promise<void>>>> = { a: mixedLoad };

const options = readOptions();

it(`scenario ${options.scenario}`, async () => {
  await scenarios[options.scenario]?.(options, new Report(options.jsonFile));
});
