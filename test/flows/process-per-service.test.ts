import { flowSuite } from './suite/flow.suite.js';

flowSuite('one process per service on RabbitMQ');
