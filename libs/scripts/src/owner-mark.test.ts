import { describe, expect, it } from 'vitest';
import { ownerMark, ownershipOf } from './index.js';

const guid = '5d0a9d2e-6a3c-4c0e-8a55-0d8c0a8b7a10';
const short = 'XQqdLmo8TA6KVQ2MCot6EA';

describe('the mark of an owner', () => {
  it('has 22 characters, and a whole tag list of the documented script fits where 70 are taken', () => {
    expect(ownerMark(guid)).toBe(short);
    expect(`Trunk=${guid};Own=${ownerMark(guid)}`.length).toBeLessThanOrEqual(70);
    expect(ownerMark(guid.toUpperCase())).toBe(short);
    expect(ownerMark('ffffffff-ffff-ffff-ffff-ffffffffffff')).toMatch(/^[\w-]{22}$/);
  });

  it.each([
    ['the short mark', `Own=${short}`, 'ours'], ['the whole GUID', `Owner=${guid}`, 'ours'], ['a GUID in capitals', `Owner=${guid.toUpperCase()}`, 'ours'], ['both', `Own=${short};Owner=${guid}`, 'ours'],
    ['blanks around', ` a=b ; own = ${short} ;`, 'ours'], ['a key in any case', `OWN=${short}`, 'ours'], ['a mark in another case', `Own=${short.toLowerCase()}`, 'other'], ['a mark cut short', `Own=${short.slice(0, -1)}`, 'other'],
    ['a longer one', `Own=${short}A`, 'other'], ['a GUID where the short mark stands', `Own=${guid}`, 'other'], ['the short mark where a GUID stands', `Owner=${short}`, 'other'],
    ['another customer\'s', 'Own=AAAAAAAAAAAAAAAAAAAAAA', 'other'], ['another customer\'s beside ours', `Own=${short};Own=AAAAAAAAAAAAAAAAAAAAAA`, 'other'], ['an empty one', 'Own=', 'other'],
    ['a mark of other letters', `Own=${short.slice(0, -1)}Ä`, 'other'], ['a mark with the signs of plain base64', 'Own=++++++++++++++++++++AA', 'other'], ['a mark between quotes', `Own="${short}"`, 'other'],
    ['other tags', 'Trunk=x;Owned=y', 'none'], ['nothing', '', 'none'], ['a mark without a key', short, 'none'], ['a key without a value', 'Own', 'none'],
  ] as const)('is read with %s', (_name, tags, whose) => {
    expect(ownershipOf(tags, guid)).toBe(whose);
  });
});
