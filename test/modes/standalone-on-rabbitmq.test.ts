import { callerSuite } from '../flows/suite/flow.suite.js';

callerSuite('standalone on RabbitMQ');
