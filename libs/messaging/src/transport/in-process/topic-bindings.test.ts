import { describe, expect, it } from 'vitest';
import { TopicBindings, topicMatches } from './topic-bindings.js';

describe('a topic pattern', () => {
  it.each([
    ['a.b', 'a.b', true],
    ['a.b', 'a.b.c', false],
    ['a.*', 'a.b', true],
    ['a.*', 'a', false],
    ['a.*', 'a.b.c', false],
    ['*.b.*', 'a.b.c', true],
    ['#', '', true],
    ['#', 'a.b.c', true],
    ['a.#', 'a', true],
    ['a.#', 'a.b.c', true],
    ['a.#.d', 'a.d', true],
    ['a.#.d', 'a.b.c.d', true],
    ['a.#.d', 'a.b.c', false],
    ['#.#', 'a', true],
    ['a*', 'ab', false],
  ])('"%s" against "%s" is %s', (pattern, key, expected) => {
    expect(topicMatches(pattern, key)).toBe(expected);
  });
});

describe('the bindings of an exchange', () => {
  it('find a target once, however many bindings and keys lead to it', () => {
    const bindings = new TopicBindings<string>();
    for (const pattern of ['a.b', 'a.*', '#']) bindings.bind(pattern, 'audit');
    bindings.bind('gateway.one', 'copies');
    expect([...bindings.find(['a.b', 'gateway.one'])]).toEqual(['audit', 'copies']);
  });

  it('forget a binding that was taken away, and only that', () => {
    const bindings = new TopicBindings<string>();
    bindings.bind('a.b', 'one');
    bindings.bind('a.b', 'two');
    bindings.bind('a.#', 'one');
    bindings.unbind('a.b', 'one');
    expect([...bindings.find(['a.b'])].sort()).toEqual(['one', 'two']);
    bindings.unbind('a.#', 'one');
    bindings.unbind('a.#', 'absent');
    expect([...bindings.find(['a.b'])]).toEqual(['two']);
  });
});
