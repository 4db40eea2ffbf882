import { serviceNames } from '@trunkline/contracts';
import { describe, expect, it } from 'vitest';

import { Reads } from '../reads/reads.js';
import { DeadLettersController } from './dead-letters.controller.js';

/** Services with 1,000 dead letters each, and how many contents they were asked for. */
function manyLetters() {
  const asked = { contents: 0 };
  const keys = Array.from({ length: 1_000 }, (_unused, n) => ({ id: String(n), refusedAt: new Date(n).toISOString() }));
  const ask = (queue: string, pattern: string, question: { offset?: number; limit?: number; ids?: string[] }) => {
    const { ids, limit = 0, offset = 0 } = question;
    const found = ids ? keys.filter(({ id }) => ids.includes(id)) : keys.slice(offset, offset + limit);
    if (pattern === 'dead-letter.keys') return Promise.resolve({ total: keys.length, keys: found });
    asked.contents += found.length;
    const views = found.map((key) => ({ ...key, service: queue.replace('.queries', '') }));
    return Promise.resolve(pattern === 'dead-letter.show' ? views : { total: keys.length, items: views });
  };
  return { asked, controller: new DeadLettersController(new Reads({ ask } as never)) };
}

async function listed(controller: DeadLettersController, query: Record<string, string>): Promise<{ service: string; id: string }[]> {
  let sent = '[]';
  const reply = { code: () => reply, headers: () => reply, type: () => reply, send: (text: string) => { sent = text; } };
  await controller.list({ order: 'oldest', ...query }, reply as never);
  return JSON.parse(sent) as { service: string; id: string }[];
}

describe('a list of dead letters of all services', () => {
  it('asks for the contents of one page, however far into them it is', async () => {
    const { asked, controller } = manyLetters();
    const items = await listed(controller, { pageNumber: '9', pageSize: '100' });
    expect([items.length, asked.contents]).toEqual([100, 100]);
    expect(items.slice(0, 3).map(({ id, service }) => `${service} ${id}`)).toEqual(serviceNames.map((service) => `${service} 300`));
  });
});
