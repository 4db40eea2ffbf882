import * as product from '@trunkline/scripts';
import { describe, expect, it } from 'vitest';

import { lookAt } from './device-report.mjs';
import { smallestPart } from './smallest.mjs';

const rows = Array.from({ length: 40 }, (_row, at) => `   proxy-set ${at}
    proxy-name "Contoso Berlin ${at}"
    activate
    proxy-ip 0
     proxy-address "sip${at}.contoso.com:5061"
     activate
    exit
   exit
`);
const text = (...odd: string[]): string => `  configure voip\n${[...rows, ...odd].join('')}  exit\n`;
const odd = `   ip-group 7
    name "Contoso Berlin"
    tags "Owner=9c84a505-33bf-507d-834d-2322436c49d0"
    *secret 10.20.30.40 pbx.contoso.com +493012345678 "Contoso Berlin"
    activate
   exit
`;

describe('the smallest part that is not understood', () => {
  it('is one row without its needless lines, and not understood for the same reason', () => {
    const found = smallestPart(text(odd), product)!;
    expect(found.text.trim().split('\n')).toHaveLength(5);
    expect(lookAt(found.text, product).report.notUnderstood).toMatchObject([{ table: 'ip-group', reason: 'begins with what can be no parameter' }]);
  });

  it('holds no name, address, number or GUID of the device', () => {
    const found = smallestPart(text(odd), product)!;
    expect(found.isReplaced).toBe(true);
    expect(found.text).not.toMatch(/contoso|berlin|10\.20|49301|9c84/i);
    expect(found.text).toContain('192.0.2.1');
    expect(found.text).toContain('.example.net');
  });

  it('is nothing when all is understood', () => {
    expect(smallestPart(text(), product)).toBeUndefined();
  });

  it('leaves no row open that was closed', () => {
    expect(smallestPart(text(odd), product)!.text).toMatch(/ {3}exit\n {2}exit\n$/);
  });

  it('says when the fault goes away with the names', () => {
    // Only these two texts are read as one row too few.
    const reading = { ...product, readConfiguration: (print: string) => product.readConfiguration(print.includes('Contoso Berlin 3"') ? '' : print, 'all') };
    expect(smallestPart(text(), reading)).toMatchObject({ isReplaced: false, text: expect.stringContaining('Contoso Berlin 3') as string });
  });
});
