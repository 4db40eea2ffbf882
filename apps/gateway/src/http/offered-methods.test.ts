import { describe, expect, it } from 'vitest';

import { OfferedMethods } from './offered-methods.js';

describe('methods offered', () => {
  const offered = new OfferedMethods();
  offered.add('/api/v2/customer', ['GET']);
  offered.add('/api/v2/customer', ['POST']);
  offered.add('/api/v2/customer', ['HEAD']);
  offered.add('/api/v2/customer/:guid', ['DELETE', 'GET']);
  offered.add('/v1.0/api', ['GET']);

  it.each([
    ['/api/v2/customer', ['GET', 'HEAD', 'POST']],
    ['/api/v2/customer/', ['GET', 'HEAD', 'POST']],
    ['/api/v2/customer/5d0a9d2e', ['DELETE', 'GET']],
    ['/api/v2/customer/5d0a9d2e/more', []],
    ['/api/v2', []],
    ['/v1x0/api', []],
  ])('at %s are %j', (path, methods) => {
    expect(offered.of(path)).toEqual(methods);
  });
});
