import { documentedExample } from './suite/documented-example.suite.js';
import { failureSuite } from './suite/flow.suite.js';

// Each line of it runs in one of the two other modes: what else its callers get is in test/modes.
failureSuite('standalone on RabbitMQ', documentedExample);
