import { flowSuite } from './suite/flow.suite.js';

flowSuite('standalone on RabbitMQ');
