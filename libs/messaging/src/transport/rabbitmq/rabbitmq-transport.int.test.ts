import { conformanceTopology } from '../conformance/stage.conformance.js';
import { transportConformance } from '../transport.conformance.js';
import { RabbitMqHarness } from './rabbitmq.testing.js';

transportConformance('the RabbitMQ transport', async () => new RabbitMqHarness(conformanceTopology));
