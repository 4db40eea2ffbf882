import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fifo } from './fifo.js';

describe('a FIFO', () => {
  it('gives what an array would, whatever is done in whatever order', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.integer({ min: 1, max: 3_000 }), fc.constant('shift half' as const))), (steps) => {
      const fifo = new Fifo<number>();
      const model: number[] = [];
      let next = 0;
      for (const step of steps) {
        if (step === 'shift half') {
          for (let count = Math.ceil(model.length / 2); count >= 0; count -= 1) expect(fifo.shift()).toBe(model.shift());
        } else {
          for (let count = 0; count < step; count += 1) {
            fifo.push(next);
            model.push(next);
            next += 1;
          }
        }
        expect(fifo.length).toBe(model.length);
        expect(fifo.peek()).toBe(model[0]);
      }
    }), { numRuns: 50 });
  });
});
