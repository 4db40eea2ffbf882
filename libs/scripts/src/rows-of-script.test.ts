import { describe, expect, it } from 'vitest';
import { ownerTag, parseTemplate, renderScript, rowsOfScript, ScriptShapeError } from './index.js';
import { cleanup700, customerGuid, onboarding7, sampleValues, unquotedTemplate } from './sample-templates.testing.js';

function rendered(text: string): string {
  const result = parseTemplate(text);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return renderScript(result.template, { ...sampleValues, CacProfile: '10 sessions' });
}

describe('the rows of a rendered script', () => {
  it('are its rows with their whole names and parameters', () => {
    expect(rowsOfScript(rendered(onboarding7))).toEqual({
      rows: [
        {
          table: 'ip-group', name: 'Northwind7', nameParameter: 'name', children: [],
          parameters: { 'name': 'Northwind7', 'type': 'server', 'cac-profile': '10 sessions', 'tags': `Trunk=${sampleValues.MsTenantId};${ownerTag(customerGuid)}` },
        },
        {
          table: 'sbc routing ip2ip-routing', name: 'Northwind7-in', nameParameter: 'route-name', children: [],
          parameters: { 'route-name': 'Northwind7-in', 'src-ip-group-name': 'Teams-OC', 'dst-ip-group-name': 'Northwind7' },
        },
      ],
      removes: [],
    });
  });

  it('are for a cleanup the names it removes, in its order', () => {
    expect(rowsOfScript(rendered(cleanup700))).toEqual({
      rows: [],
      removes: [{ table: 'sbc routing ip2ip-routing', name: 'Northwind7-in' }, { table: 'ip-group', name: 'Northwind7' }],
    });
  });

  it('hold the rows inside a row', () => {
    const [proxySet] = rowsOfScript(rendered(unquotedTemplate)).rows;
    expect(proxySet).toMatchObject({
      table: 'proxy-set', name: 'Northwind7-pbx', nameParameter: 'proxy-name',
      children: [{ table: 'proxy-set proxy-address', parameters: { 'proxy-address': 'sip.example.net:5061' } }],
    });
  });

  it('leave passwords out and join a row that is entered twice', () => {
    const script = 'configure voip\nsip-definition account new\naccount-name X\npassword s3cret\nexit\nsip-definition account "X"\nuser-name u\nexit\nexit\n';
    expect(rowsOfScript(script).rows).toEqual([
      { table: 'sip-definition account', name: 'X', nameParameter: 'account-name', parameters: { 'account-name': 'X', 'user-name': 'u' }, children: [] },
    ]);
  });

  it.each([
    ['a row without a name', 'configure voip\nip-group new\ntype server\nexit', 2],
    ['a removal by index', 'configure voip\nno ip-group 4', 2],
  ])('are refused for %s', (_name, script, line) => {
    expect(() => rowsOfScript(script)).toThrow(ScriptShapeError);
    expect(() => rowsOfScript(script)).toThrow(`line ${line}:`);
  });
});
