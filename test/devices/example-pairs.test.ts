import { withExamples } from '@trunkline/testing';
import { describe, expect, it } from 'vitest';

import { create, createdBy, expectDeployed } from '../flows/suite/customers.js';
import { setStage } from '../flows/suite/stage.js';
import { examplePair, examplePairs } from './example-pairs.js';
import { exampleSite, expectRows, rowsOfSite } from './example-sites.js';
import { pairLife } from './pair-life.suite.js';

/** One SBC of either way to print: as release 7.2 does, and the other way in everything. */
const sbcIds = [5, 4];

describe('the example pairs through the whole system', () => {
  const stage = setStage('standalone in process', {}, withExamples);
  for (const pair of examplePairs) for (const sbcId of sbcIds) pairLife(stage, pair, sbcId);

  it.each(sbcIds)('all stand beside each other on SBC %i, and go one after the other', async (sbcId) => {
    const before = await stage.simulators.tables(sbcId);
    const sites = examplePairs.map((pair) => exampleSite(pair, sbcId));
    const ids = (await Promise.all(sites.map(({ request }) => create(stage, request)))).map((answer) => expectDeployed(answer).id);
    for (const [at, id] of ids.entries()) {
      expectRows(sites.slice(at).flatMap((site, later) => rowsOfSite(site, ids[at + later] ?? '')), (await stage.simulators.tables(sbcId)).running);
      expect((await stage.app.http.delete(`/api/v2/customer/${id}`)).status).toBe(200);
    }
    expect(await stage.simulators.tables(sbcId)).toEqual(before);
  });

  it.each(sbcIds)('changed by hand at each writing, on SBC %i, are given up at the second and leave nothing', async (sbcId) => {
    const [before, mark] = [await stage.simulators.tables(sbcId), await stage.simulators.mark()];
    const { request, shortName } = exampleSite(examplePair('01-sip-trunk'), sbcId);
    await stage.simulators.fault({ peer: 'sbc', id: sbcId, kind: 'hold-after', match: { method: 'PUT' } });
    const pending = create(stage, request);
    let since = mark;
    for (const isSet of [true, false, true]) {
      since = (await stage.simulators.waitForCall({ peer: 'sbc', id: sbcId, method: 'PUT', path: '/incremental' }, { since })).seq;
      const row = (await stage.simulators.rows(sbcId, 'proxy-set')).find((each) => each['proxy-name'] === shortName);
      expect(row !== undefined).toBe(isSet);
      if (row) await stage.simulators.editRow(sbcId, 'proxy-set', row.index, { values: { 'proxy-keep-alive-time': '31' } });
      await stage.simulators.release();
    }
    await stage.simulators.clearFaults();
    const { errorDetails } = createdBy(await pending);
    expect(errorDetails).toContain(`proxy-set "${shortName}": proxy-keep-alive-time is "31", "30" was set`);
    expect(await stage.simulators.calls({ peer: 'sbc', id: sbcId, method: 'PUT', path: '/incremental' }, mark)).toHaveLength(4);
    expect(await stage.simulators.tables(sbcId)).toEqual(before);
  });
});
