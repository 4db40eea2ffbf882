import { describe, expect, it } from 'vitest';

import { isHarmlessParameter } from './builtin-parameters.js';

describe('encryption of script parameters', () => {
  it.each(['CacProfile', 'ProxySet', 'OnlinePstnGateway', 'CarrierUserName', 'CarrierMailLine', 'CarrierHostName', 'carrierMainLine'])('is not needed for %s', (name) => {
    expect(isHarmlessParameter(name)).toBe(true);
  });

  it.each(['CarrierUserPassword', 'CustomVar.Variable1', 'IPPBX-ProxyAddress', 'constructor', ''])('is needed for "%s"', (name) => {
    expect(isHarmlessParameter(name)).toBe(false);
  });
});
