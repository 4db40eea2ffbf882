import { type Transport } from '../transport.js';
import { conformanceTopology } from '../conformance/stage.conformance.js';
import { transportConformance } from '../transport.conformance.js';
import { InProcessBroker } from './in-process-broker.js';
import { InProcessTransport } from './in-process-transport.js';

transportConformance('the in-process transport', async () => {
  const broker = new InProcessBroker(conformanceTopology);
  const opened: Transport[] = [];
  return {
    open: () => {
      const transport = new InProcessTransport(broker);
      opened.push(transport);
      return transport;
    },
    dispose: async () => {
      await Promise.all(opened.map((each) => each.close({ drainMs: 0 })));
    },
  };
});
