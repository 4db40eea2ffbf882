import { failureSuite } from './suite/flow.suite.js';

failureSuite('one process per service on RabbitMQ');
