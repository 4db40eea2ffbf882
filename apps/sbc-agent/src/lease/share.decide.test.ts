import { describe, expect, it } from 'vitest';

import { roomInShare } from './share.decide.js';

describe('how many more devices an agent takes at once', () => {
  it.each([
    ['all there are, when it is alone', 64, { busy: 64, agents: 1 }, Infinity],
    ['all there are, when it knows of no other', 64, { busy: 64, agents: 0 }, Infinity],
    ['its share, when it has just come', 0, { busy: 200, agents: 5 }, 43],
    ['one, with a little more than its share', 42, { busy: 200, agents: 5 }, 1],
    ['none, with more than that', 43, { busy: 200, agents: 5 }, 0],
    ['none, with much more', 60, { busy: 200, agents: 5 }, 0],
    ['some, with few, however few the others have', 2, { busy: 2, agents: 8 }, 2],
    ['as many as it has room for, while more wait than all of them have room for', 64, { busy: 500, agents: 4 }, 64],
  ])('is %s', (_name, own, crowd, expected) => { expect(roomInShare(own, crowd)).toBe(expected); });
});
