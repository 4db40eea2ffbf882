import { callerSuite } from './suite/flow.suite.js';

callerSuite('one process per service on RabbitMQ');
