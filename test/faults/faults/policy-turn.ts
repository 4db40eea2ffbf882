import { onHold, standing } from '../runner/instances.js';
import type { FaultCase } from './fault-case.js';
import { stopAndRestart } from './process-faults.js';

/** Not by chance but half way through every run: what fails from now on is held for an operator. Some customers are made to fail, so that he has work. */
export const policyTurn: FaultCase = {
  name: 'policy-turns-to-hold', family: 'stop', lane: 'processes',
  run: async (stage) => {
    const { cluster, record, nextOrder, operator, peers } = stage;
    const said: string[] = [];
    // One after the other: for a moment they differ.
    for (const name of standing.provisioner) {
      cluster.change(name, onHold);
      said.push(await stopAndRestart(stage, name));
    }
    operator.begin();
    const sbcId = nextOrder()?.body.siteLocation.sbcId ?? peers.sbcIds[0];
    const refusals = [
      { peer: 'sbc', id: sbcId, kind: 'status', match: { method: 'PUT', pathContains: '/incremental' }, times: 2, params: { status: 403 } },
      { peer: 'ovoc', kind: 'status', match: { method: 'POST', pathContains: '/topology/sites' }, times: 3, params: { status: 403 } },
    ];
    for (const refusal of refusals) record.refusingFaults.push(await peers.addFault(refusal));
    return `${said.join('; ')}; SBC ${sbcId ?? '?'} and OVOC refuse some`;
  },
};
