import { setTimeout as delay } from 'node:timers/promises';

import { agents, type AgentName, furtherAgents } from '../runner/instances.js';
import type { Random } from '../runner/random.js';
import type { FaultCase, FaultContext } from './fault-case.js';
import { killNoted } from './measured.js';
import { stopNoted } from './process-faults.js';

const few = 2;
const manyPauseMs = 3_000;
const fewPauseMs = 800;

/** Agents come and go: with the two that stand there are three to eight, and one where these are stopped meanwhile. */
export const scaleFaults: readonly FaultCase[] = [
  { name: 'scale-by-a-few', family: 'scale', lane: 'processes', run: async (stage, random) => scale(stage, random, { most: few, isToOne: false }) },
  { name: 'scale-by-a-few-and-to-one', family: 'scale', lane: 'processes', run: async (stage, random) => scale(stage, random, { most: few, isToOne: true }) },
  { name: 'scale-to-many', family: 'scale', lane: 'processes', isLong: true, run: async (stage, random) => scale(stage, random, { most: furtherAgents.length, isToOne: false }) },
  { name: 'scale-to-many-and-to-one', family: 'scale', lane: 'processes', isLong: true, run: async (stage, random) => scale(stage, random, { most: furtherAgents.length, isToOne: true }) },
];

async function scale(stage: FaultContext, random: Random, { isToOne, most }: { readonly most: number; readonly isToOne: boolean }): Promise<string> {
  const { cluster } = stage;
  const pauseMs = most > few ? manyPauseMs : fewPauseMs;
  const come = random.shuffled(furtherAgents).slice(0, random.between(Math.ceil(most / 2), most));
  const said: string[] = [];
  try {
    await Promise.all(come.map((name) => cluster.restart(name)));
    await delay(random.between(300, 1_000));
    const going = isToOne ? random.shuffled([...agents, ...come.slice(1)]) : come;
    for (const name of going) said.push(await end(stage, name, random, pauseMs));
    // With one left, or with the two that stand.
    await delay(random.between(300, 1_000));
  } finally {
    await Promise.all(agents.filter((name) => !cluster.isUp(name)).map((name) => cluster.restart(name)));
    for (const name of come.filter((each) => cluster.isUp(each))) said.push(await end(stage, name, random, pauseMs));
  }
  return `${come.length} more came${isToOne ? ', and one was left' : ''}: ${said.join(', ')}`;
}

async function end(stage: FaultContext, name: AgentName, random: Random, pauseMs: number): Promise<string> {
  await delay(random.between(0, pauseMs));
  if (random.chance(0.5)) return stopNoted(stage, name);
  await killNoted(stage, name, 'scale');
  return `${name} was killed`;
}
