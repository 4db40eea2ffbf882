import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { AnswerBody } from './answer-body.js';

const cut = (bytes: Buffer, at: readonly number[]): Buffer[] => {
  const places = [0, ...at.map((place) => place % (bytes.length + 1)).sort((one, other) => one - other), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
};

describe('the body of an answer', () => {
  it('is the whole text when nobody takes its bytes, however it was cut', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.array(fc.nat(), { maxLength: 5 }), (text, at) => {
      const body = new AnswerBody(undefined);
      for (const chunk of cut(Buffer.from(text), at)) body.add(chunk);
      expect(body.text).toBe(text);
    }));
  });

  it.each([[100], [16 * 1024], [16 * 1024 + 1], [30 * 1024], [32 * 1024], [32 * 1024 + 1], [200 * 1024]])('of %i bytes that somebody takes keeps its edges', async (size) => {
    const text = Array.from({ length: Math.ceil(size / 8) }, (_, at) => String(at).padStart(7, '0')).join('\n').slice(0, size).padEnd(size, 'x');
    const taken: Buffer[] = [];
    const body = new AnswerBody((bytes) => { taken.push(bytes); });
    for (const chunk of cut(Buffer.from(text), [5, 20_000, 33_000, 70_000])) body.add(chunk);
    await body.taken();
    expect(Buffer.concat(taken).toString()).toBe(text);
    const edge = 16 * 1024;
    expect(body.text).toBe(size <= 2 * edge ? text : text.slice(0, edge) + text.slice(-edge));
  });

  it('is taken in turns while much is to be done with it, also what comes meanwhile', async () => {
    const taken: number[] = [];
    let turns = 0;
    const body = new AnswerBody(([first]) => {
      taken.push(first ?? -1);
      const until = performance.now() + 3;
      while (performance.now() < until);
    });
    const slices = Array.from({ length: 10 }, (_unused, index) => Buffer.alloc(8 * 1024, index));
    const counting = (): void => {
      turns += 1;
      if (turns === 3) body.add(Buffer.concat(slices.slice(5)));
      if (taken.length < slices.length) setImmediate(counting);
    };
    setImmediate(counting);
    body.add(Buffer.concat(slices.slice(0, 5)));
    await body.taken();
    expect(taken).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(turns).toBeGreaterThan(8);
  });

  it('hands on what went wrong with its bytes', async () => {
    const body = new AnswerBody(() => { throw new Error('unreadable'); });
    body.add(Buffer.from('x'));
    await expect(body.taken()).rejects.toThrow('unreadable');
  });
});
