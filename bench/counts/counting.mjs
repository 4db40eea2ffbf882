// Counts what a process exchanges with PostgreSQL, RabbitMQ and its peers. Preloaded into the programs that are measured (`NODE_OPTIONS=--import`): they
// contain nothing of it, and without it nothing is counted. A connection to the
// socket `<pid>.sock` in TRUNKLINE_COUNTS_FOLDER gets the counts since the start as JSON.
import diagnostics from 'node:diagnostics_channel';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const control = /^(BEGIN|START TRANSACTION|COMMIT|ROLLBACK)\b/i;
const writes = /\b(INSERT|UPDATE|DELETE)\b|\bFOR (NO KEY )?(UPDATE|SHARE)\b/i;
const shownCharacters = 60;

const counts = { messages: 0, calls: 0, statements: {} };

/** Of a session: whether an answer has come since something was sent, and whether it is in a transaction. */
const sessions = new WeakMap();

function sent(client, text, name) {
  const session = sessions.get(client) ?? { isAnswered: true, isInTransaction: false };
  sessions.set(client, session);
  const key = name || text.trim().replace(/\s+/g, ' ').slice(0, shownCharacters);
  const count = counts.statements[key] ??= { sent: 0, roundTrips: 0, commits: 0, isControl: control.test(text) };
  count.sent += 1;
  // On a pipelined session what is sent before any answer comes travels with what was sent before.
  if (!client.pipeline || session.isAnswered) count.roundTrips += 1;
  session.isAnswered = false;
  if (/^(COMMIT|END)\b/i.test(text) || (!count.isControl && !session.isInTransaction && writes.test(text))) count.commits += 1;
  if (count.isControl) session.isInTransaction = /^(BEGIN|START)\b/i.test(text);
  return () => { session.isAnswered = true; };
}

function countStatements() {
  const prototype = /** @type {any} */ (require('pg').Client.prototype);
  const { query } = prototype;
  prototype.query = function (config, values, callback) {
    const answered = sent(this, typeof config === 'string' ? config : config.text ?? '', config.name);
    if (typeof values === 'function') return query.call(this, config, (...given) => { answered(); values(...given); });
    if (typeof callback === 'function') return query.call(this, config, values, (...given) => { answered(); callback(...given); });
    const result = query.call(this, config, values);
    result.then?.(answered, answered);
    return result;
  };
}

function countMessages() {
  // Not among what the package exports: all channels of a connection, with and without confirms, publish by this method.
  const { Channel } = require(join(dirname(require.resolve('amqplib')), 'lib/channel_model.js'));
  const { publish } = Channel.prototype;
  Channel.prototype.publish = function (...message) {
    counts.messages += 1;
    return publish.apply(this, message);
  };
}

if (process.env.DATABASE_URL) countStatements();
if (process.env.AMQP_URL) countMessages();
diagnostics.subscribe('undici:client:sendHeaders', () => { counts.calls += 1; });

createServer((socket) => {
  socket.on('error', () => undefined);
  socket.end(JSON.stringify(counts));
}).listen(join(process.env.TRUNKLINE_COUNTS_FOLDER ?? '', `${process.pid}.sock`)).unref();
