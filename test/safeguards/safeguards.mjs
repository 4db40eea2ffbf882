// What keeps the promises, and the test that misses each when it is switched off. `find` stands once in `file`; `replace` is the code without
// the safeguard. `testName` is the path of the test, exactly; `project` the vitest project it belongs to.

const jobStore = { file: 'libs/steps/src/job-store.ts', project: 'int', testFile: 'libs/steps/src/job-store.int.test.ts' };
const jobRunner = { project: 'int', testFile: 'libs/steps/src/job-runner.int.test.ts' };
const attempt = { file: 'libs/steps/src/attempt.decide.ts', project: 'unit', testFile: 'libs/steps/src/attempt.decide.test.ts' };
const rabbitMq = { project: 'int', testFile: 'libs/messaging/src/transport/rabbitmq/rabbitmq-faults.int.test.ts' };
const ledger = { project: 'int', testFile: 'apps/provisioner/src/persistence/deployment-ledger.int.test.ts' };
const ledgerDecision = { file: 'apps/provisioner/src/outcome/ledger.decide.ts', project: 'unit', testFile: 'apps/provisioner/src/outcome/ledger.decide.test.ts' };
const comparison = { file: 'libs/scripts/src/compare-rows.ts', project: 'unit', testFile: 'libs/scripts/src/compare-rows.test.ts' };
const scripts = (file, testFile) => ({ file: `libs/scripts/src/${file}.ts`, project: 'unit', testFile: `libs/scripts/src/${testFile}.test.ts` });
const leaseStore = { file: 'apps/sbc-agent/src/session/lease-store.ts', project: 'int', testFile: 'apps/sbc-agent/src/session/lease-store.int.test.ts' };
const session = { project: 'int', testFile: 'apps/sbc-agent/src/session/device-session.int.test.ts' };
const flow = { project: 'flows', testFile: 'test/flows/standalone-in-process.test.ts' };
const examples = { project: 'flows', testFile: 'test/flows/example-pairs.test.ts' };
const deadLetters = { file: 'libs/messaging/src/dead-letters/failed-handling.ts', project: 'int', testFile: 'libs/messaging/src/dead-letters/dead-letters.int.test.ts' };
const siteJobs = { project: 'int', testFile: 'apps/ovoc-sync/src/site/site.jobs.int.test.ts' };
const database = { file: 'libs/persistence/src/database.ts', project: 'int', testFile: 'libs/persistence/src/database.int.test.ts' };
const siteStep = { file: 'apps/ovoc-sync/src/site/site.step.ts', project: 'int', testFile: 'apps/ovoc-sync/src/site/site.step.int.test.ts' };

export const safeguards = [
  {
    ...ledger, name: 'inbox', why: 'a request that is delivered twice is taken for a new one', file: 'libs/steps/src/job-store.ts',
    find: 'return new Set(rows.map(({ message_id }) => message_id));', replace: 'return new Set([...ids, ...rows.map(({ message_id }) => message_id)]);',
    testName: 'the ledger of deployments > starts nothing for a request that is delivered again after a refusal that may pass',
  },
  {
    name: 'mandatory on requests', why: 'a caller waits for a request that no queue has taken', file: 'apps/gateway/src/waiting/waiting-room.ts',
    find: 'mandatory: true,', replace: 'mandatory: false,', project: 'int', testFile: 'apps/gateway/src/customers/create-customer.int.test.ts',
    testName: 'creating a customer > answers 503 that nothing has happened when no queue takes the request',
  },
  {
    ...rabbitMq, name: 'confirm', why: 'a message that the broker never had counts as sent and leaves the outbox', file: 'libs/messaging/src/transport/rabbitmq/rabbitmq-publisher.ts',
    find: 'this.isFull = !hasRoom;', replace: 'this.isFull = !hasRoom; publish.resolve();',
    testName: 'the RabbitMQ transport under faults > a cut connection > fails a publish whose confirm was under way as unconfirmed',
  },
  {
    ...rabbitMq, name: 'persistent', why: 'a queue that is not a quorum queue forgets the message when the broker starts again',
    file: 'libs/messaging/src/transport/rabbitmq/rabbitmq-publisher.ts', find: 'persistent: true,', replace: 'persistent: false,',
    testName: 'the RabbitMQ transport under faults > keeps messages on the disk of the broker when everybody is gone',
  },
  {
    ...ledger, name: 'row lock of the decision', why: 'two decisions on one log do not see each other: nobody says Deployed', file: 'apps/provisioner/src/persistence/ledger-reads.ts',
    find: 'ORDER BY id FOR UPDATE', replace: 'ORDER BY id',
    testName: 'the ledger of deployments > decides on reports that two provisioners hear at the same moment one after the other',
  },
  {
    name: 'round order of the fold', why: 'what an earlier round said covers what a later one says', file: 'libs/contracts/src/deployment/fold.ts',
    find: 'return a.round - b.round || places', replace: 'return places', project: 'unit', testFile: 'libs/contracts/src/deployment/fold.test.ts',
    testName: 'fold > lets a later round stand after all of an earlier one, its outcome included',
  },
  {
    ...jobStore, name: 'close before undo, of what waits', why: 'forward work begins after its undo has been asked for',
    find: 'await closeCustomers(transaction, accepted);', replace: '',
    testName: 'job store > drops forward work that waits when its customer is closed, and keeps the undo',
  },
  {
    ...jobStore, name: 'close before undo, of what comes late', why: 'an old forward message builds up again what was undone',
    find: '(c.is_abandoned OR (c.round >= n.round AND NOT n.is_undo))', replace: 'c.is_abandoned',
    testName: 'job store > starts nothing for a forward message that comes after its customer was closed',
  },
  {
    ...jobStore, name: 'close before undo, of what comes at the same time', why: 'two processes take in work and its close without seeing each other, and what was undone is built up again',
    find: 'await lockCustomersOf(transaction, accepted);', replace: '',
    testName: 'job store > starts nothing for a forward message that another process takes in while its customer is closed',
  },
  {
    ...session, name: 'close before undo, asked before each script', why: 'a script is sent for a customer whose undo has been asked for while the device was read',
    file: 'apps/sbc-agent/src/session/device-session.ts', find: 'if (closed.has(job.id)) {', replace: 'if (closed.has("")) {',
    testName: 'a customer that is closed > while the script before it runs gets none either',
  },
  {
    ...session, name: 'undo-owed note', why: 'after a crash nobody knows that there is something to take off the device', file: 'apps/sbc-agent/src/session/device-session.ts',
    find: 'await notes.add(transaction, this.lease.grant.sbcId, this.lease.grant.epoch, newNotes);', replace: '',
    testName: 'what would have to be undone > is noted for every site of the session before the first script arrives',
  },
  {
    ...comparison, name: 'owner check', why: 'rows of somebody else are changed and removed',
    find: `if (mark !== 'none') return mark === 'ours';`, replace: `if (mark !== 'none') return true;`,
    testName: 'the comparison with a device > knows a row of somebody else by its mark',
  },
  {
    ...comparison, name: 'a row in effect', why: 'a row that the device keeps switched off counts as programmed',
    find: 'if (!printed.isActive) return [', replace: `if (!printed.isActive && row.table === '') return [`,
    testName: 'a row that is not in effect > is ours and differs',
  },
  {
    ...comparison, name: 'whoever else refers to a row', why: 'a proxy set that a stranger has come to use is changed and removed',
    find: 'if (!users.every(isOurUser)) return false;', replace: '',
    testName: `a row of our name > is somebody else's as soon as a stranger's IP Group its proxy set`,
  },
  {
    ...comparison, name: 'defaults are stated', why: 'a value that the device has not taken counts as its default',
    find: 'if (byDefault !== undefined && isSame(', replace: 'if (byDefault === undefined || isSame(',
    testName: 'a parameter that a print leaves out > is as set when it was nothing that is known, never by guess',
  },
  {
    ...scripts('check-script', 'check-template'), name: 'a script with a row of its own', why: 'a customer for whom nothing is set is answered Deployed',
    find: 'if (script.problems.length > 0 || problems.length > 0 || isOwned) return problems;', replace: 'if (!isOwned || isOwned) return problems;',
    testName: `an onboarding script > without a row that is the customer's by its mark is refused: "# nothing"`,
  },
  {
    ...scripts('check-script', 'check-template'), name: 'a row of all in a cleanup', why: 'a cleanup changes what all customers share',
    find: 'if (!isShared(row)) return effectProblems(row);', replace: 'if (!isShared(row) || isShared(row)) return effectProblems(row);',
    testName: 'a cleanup script > does not reach a parameter of a shared row',
  },
  {
    ...scripts('read-script', 'read-script'), name: 'every line is understood', why: 'a line that nobody has understood is sent to the device',
    find: 'else this.fail(`"${shownLine(words)}" may not stand in a script here: ${understood}`);', replace: '',
    testName: 'a line that could escape the check > is refused: an unknown word by itself',
  },
  {
    ...scripts('read-script', 'read-script'), name: 'rows by two keys', why: 'a script reaches an address of anybody from a row of its own',
    find: '} else if (this.isByTwoKeys(words)) {', replace: '} else if (this.isByTwoKeys([])) {',
    testName: 'a line that could escape the check > is refused: two keys inside a row that has such rows',
  },
  {
    ...scripts('read-script', 'read-script'), name: 'a row in doubt', why: 'a row that is begun while another is open is taken for part of it, and nobody looks at its name',
    find: 'if (this.indent > mode.indent) return this.enterChild(', replace: 'if (this.indent >= 0) return this.enterChild(',
    testName: 'a line that could escape the check > is refused: an unknown row while a known one is open',
  },
  {
    ...scripts('read-script', 'read-script'), name: 'a command is no table', why: 'a command of the device is sent as a row of a table that is not known',
    find: `if (!isForm || isCommand(words[0]?.text ?? '')) return false;`, replace: 'if (!isForm) return false;',
    testName: 'a command that a script may not give > is no table either: copy "{{IpGroupName}}"',
  },
  {
    ...scripts('print-scanner', 'configuration'), name: 'leaps over dull rows alone', why: 'a row that is on the device counts as missing',
    find: 'const hit = hits.next(lineStart);', replace: 'const hit = text.length;',
    testName: 'a print > keeps of a whole configuration what holds a wanted name, and nothing else',
  },
  {
    ...leaseStore, name: 'lease epoch', why: 'an agent that has lost a device goes on writing to it',
    find: `in_flight_is_undo = coalesce($6::boolean, in_flight_is_undo)
             WHERE sbc_id = $1 AND epoch = $2`,
    replace: `in_flight_is_undo = coalesce($6::boolean, in_flight_is_undo)
             WHERE sbc_id = $1 AND $2::bigint IS NOT NULL`,
    testName: `device leases > can't be prolonged by an agent that has lost them`,
  },
  {
    ...session, name: 'write_until, of the holder', why: 'a script is sent that may still run when the next agent begins to write', file: 'apps/sbc-agent/src/session/lease.ts',
    find: 'return this.isValid && this.monotonicMs() + timeoutMs <= this.writeUntilMs;', replace: 'return this.isValid;',
    testName: 'a session that was slow to learn that its lease was prolonged > sends no script that could run longer than the others were told to wait',
  },
  {
    ...session, name: 'write_until, of the heir', why: 'an agent writes while a script of the last one still runs', file: 'apps/sbc-agent/src/session/device-visit.ts',
    find: 'if (wasQuiet) return configuration;', replace: 'return configuration;',
    testName: 'the time within which scripts may take effect > goes on after a session whose script was not answered: the next one sends nothing until the rows are there',
  },
  {
    ...leaseStore, name: 'save-owed', why: 'what was written and not saved is lost when the device starts again',
    find: 'save_owed = save_owed OR $4::bigint IS NOT NULL,', replace: 'save_owed = save_owed,',
    testName: 'device leases > name a device whose save is owed as one with work',
  },
  {
    ...leaseStore, name: 'save-owed, cleared by its own epoch only', why: 'a late save of an earlier agent hides that a later script was not saved',
    find: 'SET save_owed = false WHERE sbc_id = $1 AND epoch = $2', replace: 'SET save_owed = false WHERE sbc_id = $1 AND $2::bigint IS NOT NULL',
    testName: 'device leases > owe a save until one of the same epoch has gone through',
  },
  {
    ...flow, name: 'read-back', why: 'a script that the device took and did not carry out is called a success', file: 'apps/sbc-agent/src/session/device-session.ts',
    find: `if (verdictOf(plan, configuration).kind === 'done') return`, replace: 'if (configuration) return',
    testName: 'standalone in process > a peer that is in trouble for a while > is an SBC that forgets what it has taken: deployed, there and saved',
  },
  {
    ...session, name: 'no common reading for common names', why: 'two customers of one name both find it free', file: 'apps/sbc-agent/src/onboarding/site.decide.ts',
    find: 'if (keys.some((key) => taken.has(key))) return;', replace: '',
    testName: `two jobs for the same rows > do not share a reading: the second is decided on one that shows the first's rows`,
  },
  {
    name: 'batch halving', why: 'one row that PostgreSQL refuses fails every message that came with it', file: 'libs/persistence/src/group-commit.ts',
    find: 'if (isConnectionError(error)) batch.forEach', replace: 'if (error) batch.forEach', project: 'unit', testFile: 'libs/persistence/src/group-commit.test.ts',
    testName: 'group commit > fails an item that no commit can get past alone, whatever is thrown',
  },
  {
    name: 'lock time-outs', why: 'a paused instance holds its row locks, and everybody waits for it', file: 'libs/persistence/src/database.ts',
    find: ' -c lock_timeout=2000 -c statement_timeout=10000 -c idle_in_transaction_session_timeout=5000', replace: '',
    project: 'int', testFile: 'libs/persistence/src/database.int.test.ts', testName: 'database > limits each session by idle_in_transaction_session_timeout',
  },
  {
    ...ledgerDecision, name: 're-drive', why: 'a message that a deleted queue took with it is missed for ever', find: 'if (wish) this.redriven.push(wish);', replace: '',
    testName: 'what is overdue > asks the SBC again under the old id',
  },
  {
    ...jobStore, name: 're-drive, answered', why: 'who asks again for an outcome that was lost on its way hears nothing', find: 'told.push(...await this.outbox.store(transaction, await outcomesOf(transaction, again)));', replace: '',
    testName: 'job store > tells a stored outcome again, under its old id and marked, when the message is re-driven',
  },
  {
    ...ledger, name: 'start of what is unfinished', why: 'after a restart a deployment waits for a message that is gone until it is overdue', file: 'apps/provisioner/src/outcome/overdue.ts',
    find: 'if (this.isFirst) {', replace: 'if (this.isFirst === undefined) {',
    testName: 'the ledger of deployments > sends again at the start what an unfinished deployment waits for, although it is not overdue',
  },
  {
    name: 'ack after commit', why: 'a message is gone from the queue before anything of it is on disk', file: 'libs/messaging/src/nest/trunkline-strategy.ts',
    find: 'await settled(handler(message, new MessageContext(delivery.message, type)));',
    replace: 'delivery.ack(); await settled(handler(message, new MessageContext(delivery.message, type)));',
    project: 'int', testFile: 'libs/messaging/src/nest/trunkline-strategy.int.test.ts',
    testName: 'a Nest microservice over RabbitMQ > with event handlers > acknowledges when the handler has resolved, not before',
  },
  {
    ...jobStore, name: 'handlers wait for the commit', why: 'a message is acknowledged while its effects are still to be committed',
    find: 'await this.intakes.add(item);', replace: 'void this.intakes.add(item);',
    testName: 'job store > says that a message is taken only when its job is on disk',
  },
  {
    ...jobStore, name: 'one job of a customer at a time, beside one that runs', why: 'an undo runs beside the work it undoes',
    find: 'other.id <> j.id AND other.state', replace: 'other.id <> j.id AND false AND other.state',
    testName: 'job store > lets the undo wait for the forward job that runs, whose outcome is then not told',
  },
  {
    ...jobStore, name: 'one job of a customer at a time, of several that wait', why: 'two jobs of one customer are begun together',
    find: `earlier.state = 'waiting' AND`, replace: `earlier.state = 'waiting' AND false AND`,
    testName: 'job store > claims one job of a customer at a time, also of several that wait',
  },
  {
    ...jobStore, name: 'claim epoch', why: 'a process that has lost its job overwrites what its heir has found', find: `WHERE job.id = r.id AND job.epoch = r.epoch AND job.state = 'running'`,
    replace: `WHERE job.id = r.id AND job.state = 'running'`,
    testName: 'job store > does not store the result of a claim that was taken over',
  },
  {
    ...attempt, name: 'look only when the call can be over', why: 'a look that comes too early finds nothing, and everything is created once more',
    find: 'isUnderWay ? limits.lookAfterMs', replace: 'isUnderWay ? 0',
    testName: 'what follows a failed attempt > never looks before a lost call can be over',
  },
  {
    ...siteStep, name: 'look again for what OVOC shows late', why: 'what is only half visible is cleaned up, and its other half stays behind',
    find: 'if (this.applied.delete(job) && seen.ids === undefined) {', replace: 'if (this.applied.delete(job) && seen === undefined) {',
    testName: 'site step in trouble > does not clean up what OVOC has created and does not show yet',
  },
  {
    ...siteStep, name: 'look for what is there already', why: 'what a lost answer has created is created once more', file: 'apps/ovoc-sync/src/site/site-reading.ts',
    find: 'ovoc.findServices(job.customerGuid, signal),', replace: '[],',
    testName: 'site step in trouble > is unknown when the answer to a creation of services is lost, and the next attempt leaves exactly one of each',
  },
  {
    ...siteStep, name: 'twins reduced to the oldest', why: 'what OVOC has created twice stays there twice', find: 'await this.remove(surplusOf(job, seen.own), signal);', replace: '',
    testName: 'site step in trouble > keeps the oldest of twins whose chain is whole',
  },
  {
    ...ledger, name: 'name released with the outcome', why: 'somebody else gets the name while its rows are still being removed', file: 'apps/provisioner/src/persistence/ledger-writes.ts',
    find: `if (effects.deployments.customer === 'closed' && before.customer === 'open') closed.add(customerOf(item));`,
    replace: `if (effects.recorded.length > 0 && before.customer === 'open') closed.add(customerOf(item));`,
    testName: 'the ledger of deployments > gives a name to somebody else only when everything of the one who had it is undone',
  },
  {
    ...ledgerDecision, name: 'idempotency fingerprint', why: 'another request under an old key is answered with the outcome of the first',
    find: 'create.fingerprint !== data.fingerprint', replace: 'create.fingerprint === null',
    testName: 'a repeated request > is refused when it asks for something else, and changes nothing',
  },
  {
    name: 'requests repeated until accepted', why: 'a request that was lost with its queue is never heard of again', file: 'apps/gateway/src/waiting/waiting-room.ts',
    find: 'this.repeat(waiter);', replace: '', project: 'int', testFile: 'apps/gateway/src/customers/create-customer.int.test.ts',
    testName: 'creating a customer > sends the same message again until it is accepted, and no more',
  },
  {
    ...rabbitMq, name: 'topology declared again', why: 'an exchange that is deleted stays away as long as the connections live', file: 'libs/messaging/src/transport/rabbitmq/topology-upkeep.ts',
    find: 'if (isDeclaring) return;', replace: 'return;',
    testName: 'the RabbitMQ transport under faults > something of ours is deleted on the broker > an exchange with its bindings comes back although queues, consumers and connections never went',
  },
  {
    ...rabbitMq, name: 'copies bound again', why: 'a gateway whose exchange was deleted hears no more copies', file: 'libs/messaging/src/transport/rabbitmq/rabbitmq-subscriptions.ts',
    find: 'await this.renew();', replace: "await channel.bindQueue(queue, this.context.names.exchange('events'), this.key);\n    this.own = undefined;",
    testName: 'the RabbitMQ transport under faults > something of ours is deleted on the broker > an exchange with its bindings comes back although queues, consumers and connections never went',
  },
  {
    ...rabbitMq, name: 'consumers renewed', why: 'a service whose queue was deleted without a word to it gets no more messages', file: 'libs/messaging/src/transport/rabbitmq/rabbitmq-transport.ts',
    find: 'subscription.renew(connection, lost)', replace: 'Promise.resolve(subscription)',
    testName: 'the RabbitMQ transport under faults > something of ours is deleted on the broker > a queue is read again also when the broker says nothing of the consumers it had',
  },
  {
    ...rabbitMq, name: 'renewed consumer lets go', why: 'what the broker counts as handed out to a consumer, and has not, is handed to nobody', file: 'libs/messaging/src/transport/rabbitmq/subscription.ts',
    find: 'if (!await atMost(CONSUME_MS, current.giveWay())) throw this.unanswered();', replace: '',
    testName: 'the RabbitMQ transport under faults > something of ours is deleted on the broker > a queue that is declared again in the same breath is read again, although the broker counts its messages as handed out',
  },
  {
    ...rabbitMq, name: 'renewed consumer settles', why: 'a consumer that is renewed hands out a second time what it is still working on', file: 'libs/messaging/src/transport/rabbitmq/consumer-channel.ts',
    find: 'if (this.isRetired && this.unsettled === 0)', replace: 'if (this.isRetired)',
    testName: 'the RabbitMQ transport under faults > something of ours is deleted on the broker > a consumer that is made anew is handed nothing twice, and there is no third before the first is settled',
  },
  {
    ...rabbitMq, name: 'renewed consumer hands out to the end', why: 'what comes to it while it gives way counts as handed out before: an operator\'s question is not answered', file: 'libs/messaging/src/transport/rabbitmq/consumer-channel.ts',
    find: 'async giveWay(): Promise<void> {', replace: 'async giveWay(): Promise<void> { this.isRetired = true;',
    testName: 'the RabbitMQ transport under faults > something of ours is deleted on the broker > a question that comes while its responder is made anew is handed out once, and answered',
  },
  {
    name: 'renewal on the next connection', why: 'a consumer that was being renewed when its connection went is never renewed again', file: 'libs/messaging/src/transport/rabbitmq/subscription.ts',
    find: 'const isWanted = (): boolean => !this.isStopping && this.connections === connections;', replace: 'const isWanted = (): boolean => !this.isStopping && connections >= 0;',
    project: 'unit', testFile: 'libs/messaging/src/transport/rabbitmq/subscription.test.ts',
    testName: 'a subscription whose renewal waits for its prefetch > is renewed on the next connection when this one is lost meanwhile',
  },
  {
    name: 'no renewal after the stop', why: 'a question is begun after its service has stopped', file: 'libs/messaging/src/transport/rabbitmq/subscription.ts',
    find: 'const isWanted = (): boolean => !this.isStopping && this.connections === connections;', replace: 'const isWanted = (): boolean => this.connections === connections;',
    project: 'unit', testFile: 'libs/messaging/src/transport/rabbitmq/subscription.test.ts',
    testName: 'a subscription whose renewal waits for its prefetch > hands out nothing more when it is stopped meanwhile',
  },
  {
    ...rabbitMq, name: 'no renewal while closing', why: 'a service that stops says that it has lost its broker, and connects once more', file: 'libs/messaging/src/transport/rabbitmq/rabbitmq-transport.ts',
    find: `tell the end of its channel as a loss.
    this.upkeep.end();`, replace: 'tell the end of its channel as a loss.',
    testName: 'the RabbitMQ transport under faults > something of ours is deleted on the broker > a transport that is closed while a consumer is made anew says nothing of a loss',
  },
  {
    ...rabbitMq, name: 'no third consumer', why: 'a handler that hangs is handed more and more messages', file: 'libs/messaging/src/transport/rabbitmq/subscription.ts',
    find: '|| others.length > 0', replace: '',
    testName: 'the RabbitMQ transport under faults > something of ours is deleted on the broker > a consumer that is made anew is handed nothing twice, and there is no third before the first is settled',
  },
  {
    ...jobStore, name: 'outbox relay', why: 'an event that could not leave when it was stored never leaves', file: 'libs/messaging/src/outbox/outbox.ts', find: 'this.relay.start();', replace: '',
    testName: 'job store > sends an outcome that could not leave as soon as the transport is there',
  },
  {
    ...jobStore, name: 'outbox kept until confirmed', why: 'an event that could not leave is forgotten', file: 'libs/messaging/src/outbox/outbox.ts',
    find: 'await this.transport.publish(toTransport(message));', replace: 'await this.transport.publish(toTransport(message)).catch(() => undefined);',
    testName: 'job store > sends an outcome that could not leave as soon as the transport is there',
  },
  {
    name: 'fault points refused in production', why: 'a variable that somebody left behind kills a service in the middle of its work', file: 'libs/runtime/src/fault-points.ts',
    find: `if (environment['NODE_ENV'] === 'production') return [`, replace: `if (environment['NODE_ENV'] === '') return [`, project: 'unit',
    testFile: 'libs/runtime/src/fault-points.test.ts', testName: 'fault points > are refused in production',
  },
  {
    ...attempt, name: 'deadline of a step', why: 'a step whose peer never comes back goes on for ever, and its caller is never answered',
    find: ' || attempt.elapsedMs + next.afterMs > limits.deadlineMs', replace: '',
    testName: 'what follows a failed attempt > gives up at the deadline',
  },
  {
    ...ledgerDecision, name: 'deadline of a deployment', why: 'a deployment whose agents are all gone never ends', find: 'if (isOutOfTime(tracked.events,', replace: 'if (isOutOfTime([],',
    testName: 'what is overdue > undoes everything at 2026-01-02T00:01:01.000Z when the work could have begun until midnight',
  },
  {
    ...jobRunner, name: 'start_by', why: 'work begins that its caller has given up a day ago', file: 'libs/steps/src/job-store.ts',
    find: 'coalesce(attempts = 1 AND start_by < now(), false) AS is_too_late', replace: 'false AS is_too_late',
    testName: 'job runner > begins nothing whose time to begin has passed',
  },
  {
    ...session, name: 'no report while a script may still run', why: 'what is on the device is reported before it can be saved', file: 'apps/sbc-agent/src/session/device-session.ts',
    find: 'return this.visit.endedQuietly ? undefined :', replace: 'return this.visit.isOn ? undefined :',
    testName: 'a script that may still be running > is in no save: the device is saved when the script is seen complete, and nothing is reported before',
  },
  {
    ...session, name: 'no save while a script may still run', why: 'the save misses what the script does, and nothing is owed any more', file: 'apps/sbc-agent/src/session/device-visit.ts',
    find: 'if (!this.endedQuietly || !this.lease.isValid) return false;', replace: '',
    testName: 'the time within which scripts may take effect > is over before a device that owes nothing but a save is saved',
  },
  {
    name: 'circuit breaker', why: 'agents go on asking a device that does not answer', file: 'apps/sbc-agent/src/breaker/breaker.decide.ts',
    find: 'export const faultsToOpen = 5;', replace: 'export const faultsToOpen = 5_000;', project: 'int', testFile: 'apps/sbc-agent/src/breaker/breaker.int.test.ts',
    testName: 'a device that does not answer > is left alone by all agents after five faults, and worked on as soon as a probe is answered',
  },
  {
    name: 'sweep', why: 'what a paused agent had begun to send stays on the device', file: 'apps/sbc-agent/src/session/device-session.ts',
    find: 'if (sweepDue !== undefined && ', replace: `if (sweepDue === '' && `, project: 'int', testFile: 'apps/sbc-agent/src/sweep/device-sweep.int.test.ts',
    testName: 'a script that arrives when another agent has long had the device > leaves nothing of a customer that was cleaned meanwhile',
  },
  {
    ...session, name: 'only a named script is waited for', why: 'an SBC stands still for minutes after the death of an agent that had sent nothing', file: 'apps/sbc-agent/src/session/lease-store.ts',
    find: 'in_flight_customer IS NULL THEN', replace: 'false THEN',
    testName: 'the time within which scripts may take effect > begins with a script that is named, not with the wish to write',
  },
  {
    ...session, name: 'nobody is charged for another', why: 'a site fails although its script was taken, because that of another one was not answered', file: 'apps/sbc-agent/src/session/device-session.ts',
    find: 'await this.release(plans);', replace: `await Promise.all(plans.map(({ job }) => this.reports.failed(job, new TransientError('SBC_NOT_SAVED', reason))));`,
    testName: 'a script that may still be running > costs the others no attempt',
  },
  {
    ...session, name: 'sweep owed for what is reported unsaved', why: 'a device that starts again loses customers who are told as deployed', file: 'apps/sbc-agent/src/session/device-session.ts',
    find: 'if (!isSaved) await new SweepDebts(this.parts.database, this.logger).oweUnsaved(this.lease);', replace: '',
    testName: `a device that can't save > and starts again has what was reported to be there set again, and saved`,
  },
  {
    ...deadLetters, name: 'dead letters returned once', why: 'two operators hand a message out twice', file: 'libs/messaging/src/dead-letters/dead-letter-store.ts',
    find: `state = 'held' AND is_returnable ORDER BY id FOR UPDATE`, replace: 'is_returnable ORDER BY id FOR UPDATE',
    testName: 'dead letters of a service over RabbitMQ > returned > are returned once by ten operators at once, and dropped by none of ten who come at the same time',
  },
  {
    ...deadLetters, name: 'portions of bodies', why: 'a list of long dead letters takes more memory than the service has', file: 'libs/messaging/src/dead-letters/dead-letter-store.ts',
    find: 'portionsOf(sizes, mostBytesAtOnce)', replace: 'portionsOf(sizes, 1e9 + mostBytesAtOnce)',
    testName: 'dead letters of a service over RabbitMQ > are listed with a few bodies in memory at a time and short contents, and returned whole',
  },
  {
    ...deadLetters, name: 'row lock of the return', why: 'who comes while a message is being returned hands it out once more', file: 'libs/messaging/src/dead-letters/dead-letter-store.ts',
    find: 'is_returnable ORDER BY id FOR UPDATE', replace: 'is_returnable ORDER BY id',
    testName: 'dead letters of a service over RabbitMQ > returned > are not returned again by an operator who came while another one was at it',
  },
  {
    ...deadLetters, name: 'failed handling given up', why: 'a message that no handler can take goes round for ever, and its deployment never ends',
    find: 'if (attempts < mostAttempts) return', replace: 'if (attempts > 0) return',
    testName: 'dead letters of a service over RabbitMQ > of handlers that keep failing > are given up after eight failures that several processes have counted, and the step is told to have failed',
  },
  {
    ...deadLetters, name: 'absence is not counted', why: 'messages are given up because the database was away', find: `if (isAbsence(error)) return { kind: 'again' };`, replace: '',
    testName: 'dead letters of a service over RabbitMQ > of handlers that keep failing > are not counted while database or broker are away',
  },
  {
    ...deadLetters, name: 'no failure told of a copy', why: 'a deployment that goes well is told as failed', find: 'const end = received ? undefined', replace: 'const end = attempts < 0 ? undefined',
    testName: 'dead letters of a service over RabbitMQ > of handlers that keep failing > tell no failure of a copy whose message was taken in before',
  },
  {
    name: 'dead queue replaced', why: 'a service whose queue did not survive a kill of the broker never gets a message again', file: 'libs/messaging/src/transport/rabbitmq/rabbitmq-transport.ts',
    find: 'if (!this.isRepairDue) return;', replace: 'return;', project: 'faults', testFile: 'test/faults/broker-killed.test.ts',
    testName: 'a broker that is killed > just after a queue was declared, and comes back with a queue that answers nobody: the next customer is deployed',
  },
  {
    ...session, name: 'nothing under a lost lease', why: 'an agent saves, and reports, what another one has begun to write', file: 'apps/sbc-agent/src/session/device-session.ts',
    find: `if (!this.lease.isValid) return 'the lease of the SBC was lost';`, replace: '',
    testName: `a session that learns of the loss of its lease after a script > saves nothing and reports nothing: the device is another's now`,
  },
  {
    ...leaseStore, name: 'one session an agent', why: 'an agent that can not prove that it lives takes all sessions of the database', find: 'await session.end().catch(() => undefined);', replace: '',
    testName: 'device leases > cost one database session an agent, however many ask at once and however often that fails',
  },
  {
    ...ledgerDecision, name: 'rest of a failed cleanup', why: 'a cleanup that is refused is asked for again without a pause', find: ` && state.state !== 'CleanupRequired') this.apply(`, replace: `) this.apply(`,
    testName: 'a delete > lets a create rest whose cleanup has failed, and goes on when that is tried again',
  },
  {
    name: 'patience with a dead queue', why: 'a queue whose leader is only away is deleted with what it holds', file: 'libs/messaging/src/transport/rabbitmq/queue-repair.ts',
    find: 'if (deadForMs >= PATIENCE_MS) await', replace: 'if (deadForMs >= 0) await', project: 'unit', testFile: 'libs/messaging/src/transport/rabbitmq/queue-repair.test.ts',
    testName: `a queue that can't be read > is removed when it has been dead for half a minute, and not before`,
  },
  {
    name: 'abandonment told to the agents', why: 'what an operator has taken off an SBC by hand is put back by a sweep', file: 'libs/messaging/src/topology/topology.ts',
    find: `fromEvents('sbc.cleanup.requested'), fromEvents('deployment.abandoned')`, replace: `fromEvents('sbc.cleanup.requested')`,
    project: 'flows', testFile: 'test/flows/policies.test.ts', testName: 'with ON_FAILURE=hold > stays off the SBC once it is abandoned and taken off by hand',
  },
  {
    name: 'abandonment told again', why: 'a broker that loses it leaves the agents with a customer that is an operator\'s', file: 'apps/provisioner/src/outcome/outcome.decide.ts',
    find: 'return redrives < abandonmentRedrives ? abandoned : undefined;', replace: 'return undefined;', project: 'unit', testFile: ledgerDecision.testFile,
    testName: `an operator's action > is told again when it was to abandon, for a broker may lose it, but not for ever`,
  },
  {
    name: 'note of an abandoned customer forgotten', why: 'secrets of a customer that is an operator\'s are kept for ever', file: 'apps/sbc-agent/src/onboarding/undo-notes.ts',
    find: '(closes?.isAbandoned ? [closes.customerGuid] : [])', replace: '[]', project: 'int', testFile: 'apps/sbc-agent/src/sweep/device-sweep.int.test.ts',
    testName: 'a sweep > neither sets again nor removes what is left of an abandoned customer',
  },
  {
    ...leaseStore, name: 'sweep after a holder that seems dead', why: 'an agent whose session ended while it was paused sends behind the back of the next one, and nobody looks',
    find: `write_until IS NOT NULL AND holder_lock <> $2)'`, replace: `write_until IS NOT NULL AND holder_lock <> $2 AND expires_at < now())'`,
    testName: 'device leases > owe one also when its session has ended, which a paused agent outlives',
  },
  {
    ...ledgerDecision, file: 'apps/provisioner/src/outcome/outcome.decide.ts', name: 'hold of what is out of time', why: 'what an operator was to look at is undone',
    find: `return policy.onFailure === 'hold' ? `, replace: `return policy.onFailure === 'nothing' ? `,
    testName: 'what is overdue > and out of time when failures are held > is held, whatever is heard of it later',
  },
  {
    ...leaseStore, name: 'session proven', why: 'an agent goes on with a session that the server has ended, and others take it for dead',
    find: 'this.clock.monotonicMs() - this.provenAtMs < proofEveryMs', replace: 'this.provenAtMs >= 0',
    testName: 'device leases > over a link that has died without a word > are proven by another session: the agent notices',
  },
  {
    ...leaseStore, name: 'unused session ended', why: 'an agent whose host has vanished keeps its lock for two hours, and it gets no lease itself when it is back',
    find: '-c idle_session_timeout=${sessionIdleMs} ', replace: '', testName: 'device leases > over a link that has died without a word > are free to others after 15 s: the server notices',
  },
  {
    name: 'dead link given up', why: 'a statement on a link that has died without a word is waited for until the kernel gives up', file: 'libs/persistence/src/database.ts',
    find: 'query_timeout: unansweredMs, ', replace: '', project: 'int', testFile: 'libs/persistence/src/database.int.test.ts',
    testName: 'database > gives up a link that has died without a word, and gets another',
  },
  {
    ...jobStore, name: 'close before undo, of what the dead had begun', why: 'what was undone is built up again by who takes over from a process that died',
    find: `OR (j.state = 'running' AND NOT j.is_closing AND `, replace: `OR (j.state = 'running' AND `,
    testName: 'job store > does not take over a closed job of a holder who is gone, whose claim has run out, but undoes it',
  },
  {
    ...jobRunner, name: 'nothing begun at the end of a claim', why: 'two processes work on one customer in OVOC once the database is back', file: 'libs/steps/src/job-runner.ts',
    find: 'new HeldClaim(job, askedAtMs, claimMs - callMs)', replace: 'new HeldClaim(job, askedAtMs, claimMs)',
    testName: 'job runner > gives up an attempt whose claim can not be renewed while its last call can still end before somebody else has the job',
  },
  {
    name: 'refusal without a database', why: 'callers wait for a minute for a database that everybody knows to be away', file: 'apps/gateway/src/waiting/waiting-room.ts',
    find: 'if (this.provisioner.reasons().length > 0)', replace: 'if (this.provisioner.reasons().length < 0)', project: 'int', testFile: 'apps/gateway/src/waiting/waiting-room.int.test.ts',
    testName: 'waiting over RabbitMQ > is refused at once while the provisioner says that it can take nothing in, and begins again when it can',
  },
  {
    name: 'a no is remembered', why: 'a provisioner that starts again without its database opens the gate for everybody who then waits for a minute',
    file: 'apps/gateway/src/health/standing.decide.ts', find: 'nowMs - saidAtMs < rememberedMs', replace: 'nowMs < 0',
    project: 'unit', testFile: 'apps/gateway/src/health/standing.decide.test.ts',
    testName: 'what a gateway thinks of the provisioners > is what the only one said last when it does not answer',
  },
  {
    name: 'standing on a queue of its own', why: 'reads that wait for a lost database keep the gateways from hearing that it is lost', file: 'libs/contracts/src/queries/queries.ts',
    find: `('provisioner.standing', 'standing.get')`, replace: `(provisioner, 'standing.get')`, project: 'int', testFile: 'apps/gateway/src/waiting/waiting-room.int.test.ts',
    testName: 'waiting over RabbitMQ > is refused also while more reads wait for the database than the provisioner has hands',
  },
  {
    name: 'one provisioner that can is enough', why: 'one that has lost its database makes the gateways refuse what another could have stored',
    file: 'apps/gateway/src/health/standing.decide.ts', find: 'said.some((reasons) => reasons.length === 0)', replace: 'said.every((reasons) => reasons.length === 0)',
    project: 'unit', testFile: 'apps/gateway/src/health/standing.decide.test.ts', testName: 'what a gateway thinks of the provisioners > is well while one of them is',
  },
  {
    name: 'answers from exactly the log', why: 'a caller is told progress that the log has lost, and that nobody can read again', file: 'apps/gateway/src/waiting/waiting.decide.ts',
    find: 'heard.length === outcome.data.eventCount', replace: 'heard.length >= outcome.data.eventCount', project: 'unit', testFile: 'apps/gateway/src/waiting/waiting.decide.test.ts',
    testName: 'where a deployment stands by what was heard of it > is incomplete when a report was heard that the log has lost',
  },
  {
    ...ledger, name: 'names decided by the database', why: 'two creates decided on in one transaction get the same name, and one of them no customer', file: 'apps/provisioner/src/persistence/deployment-ledger.ts',
    find: 'stored.size === opened.length ? wished', replace: 'stored.size >= 0 ? wished',
    testName: 'the ledger of deployments > gives a name that two ask for in the same transaction to one of them, and the other leaves nothing behind',
  },
  {
    ...ledger, name: 'names asked for in their order', why: 'two provisioners wait for the names of each other until the database ends one of the two',
    file: 'apps/provisioner/src/persistence/customer-rows.ts', find: '`${ticket.shortName.toLowerCase()} ${ticket.customerGuid}`', replace: 'ticket.customerGuid',
    testName: 'the ledger of deployments > never lets two provisioners wait for the names of each other',
  },
  {
    ...ledger, name: 'locks of the start in their order', why: 'a provisioner that starts and another at work wait for each other until the database ends one of the two',
    file: 'apps/provisioner/src/outcome/overdue.ts', find: ' ORDER BY id FOR UPDATE', replace: '',
    testName: 'the ledger of deployments > is locked in id order at the start of a provisioner',
  },
  {
    ...ledger, name: 'rest of a cleanup at the start', why: 'each restart of a provisioner adds a round to every cleanup that fails', file: 'apps/provisioner/src/outcome/overdue.ts',
    find: ` AND state <> 'CleanupRequired'`, replace: '',
    testName: 'the ledger of deployments > lets a cleanup that rests go on resting at the start',
  },
  {
    ...ledgerDecision, name: 'an end stays what it was', why: 'a report that comes after the end changes what everybody has been told', find: 'if (!state || !isEnd(state.state)) this.append', replace: 'this.append',
    testName: 'a create > is told the same after its end, whatever is reported late',
  },
  {
    ...ledgerDecision, name: 'growing rests of a cleanup', why: 'the log of a cleanup that fails for ever grows by the minute, and every decision reads all of it',
    find: 'this.context.cleanupRetryAfterMs * 2 ** Math.min(failures - 1, 8)', replace: 'this.context.cleanupRetryAfterMs * 2 ** Math.min(failures - failures, 8)',
    testName: 'a create > whose cleanup fails again and again > rests twice as long each time, up to 256 times as long',
  },
  {
    ...jobStore, name: 'undo waits for what may come to light', why: 'OVOC shows an object after its customer was told as undone',
    find: 'AND other.id <> j.id AND other.quiet_at > now())', replace: 'AND other.id <> j.id AND other.quiet_at > now() AND false)',
    testName: 'job store > does nothing for a customer while an attempt of his that has ended may still come to light',
  },
  {
    name: 'late effects told, of what was created', why: 'the undo of a refused site looks before OVOC shows what it has created', file: 'apps/ovoc-sync/src/site/site.jobs.ts',
    find: '|| this.step.hasCreated(site)) lingers', replace: ') lingers', project: 'int', testFile: 'apps/ovoc-sync/src/site/site.jobs.int.test.ts',
    testName: 'the undo of a site that could not be finished > also takes off what OVOC shows late of a creation that was answered, when the next one is refused for good',
  },
  {
    name: 'late effects told, of what was answered with a failure', why: 'what OVOC has created before it failed is created once more, or stays after the undo',
    file: 'apps/ovoc-sync/src/site/site.jobs.ts', find: 'else if (error instanceof OutcomeUnknownError || ', replace: 'else if (', project: 'int', testFile: 'apps/ovoc-sync/src/site/site.jobs.int.test.ts',
    testName: 'the undo of a site that could not be finished > also takes off what OVOC shows late of a creation that OVOC said had failed in the last attempt',
  },
  {
    name: 'late effects told, of what was not answered', why: 'the undo of a site looks while its last creation may still run', file: 'apps/ovoc-sync/src/site/site.jobs.ts',
    find: 'lingers(this.settings.lookAfterMs);', replace: 'lingers(0);',
    project: 'int', testFile: 'apps/ovoc-sync/src/site/site.jobs.int.test.ts',
    testName: 'the undo of a site that could not be finished > also takes off what OVOC shows late of a creation whose answer was lost while it was cancelled',
  },
  {
    ...jobStore, name: 'nothing for the abandoned', why: 'a late undo takes off what is an operator\'s', find: '(c.is_abandoned OR (c.round >= n.round AND NOT n.is_undo))', replace: '(c.round >= n.round AND NOT n.is_undo)',
    testName: 'job store > begins nothing more of a customer that is abandoned, not even an undo that comes late',
  },
  {
    ...session, name: 'no note for the abandoned', why: 'a secret of a customer that is an operator\'s is kept for ever', file: 'apps/sbc-agent/src/onboarding/undo-notes.ts',
    find: `AND j.state = 'running' AND j.is_closing)`, replace: `AND j.state = 'running' AND j.is_closing AND false)`,
    testName: 'a customer that is closed > by who abandons it, while its device is read, gets no script, and no note is kept of it',
  },
  {
    name: 'time asked before a call', why: 'a process that was paused calls OVOC although somebody else has the job', file: 'libs/steps/src/held-claim.ts', find: 'claims.get(signal)?.check();', replace: '',
    project: 'unit', testFile: 'libs/steps/src/held-claim.test.ts',
    testName: 'a held claim > allows nothing after a pause that outlived it, though no timer has come to its turn',
  },
  {
    ...jobRunner, name: 'claim prolonged', why: 'every attempt that takes longer than a claim is cut off', file: 'libs/steps/src/job-runner.ts', find: 'claim.prolonged(askedAtMs);', replace: 'void askedAtMs;',
    testName: 'job runner > keeps a claim that it renews for as long as the attempt takes',
  },
  {
    ...jobRunner, name: 'lost claim given up', why: 'two processes go on with one job', file: 'libs/steps/src/job-runner.ts', find: 'else claim.giveUp();', replace: '',
    testName: `job runner > gives up an attempt whose claim is somebody else's already`,
  },
  {
    ...jobRunner, name: 'handed back at the end', why: 'a job of a process that was stopped waits for the end of its claim', file: 'libs/steps/src/job-runner.ts',
    find: `if (signal.aborted && !this.isStopping) return undefined;`, replace: 'if (signal.aborted) return undefined;',
    testName: 'job runner > hands back what does not end before it stops, for when its last call is over',
  },
  {
    name: 'acting questions answered once', why: 'an operator is told no because of what he did himself', file: 'libs/messaging/src/nest/trunkline-strategy.ts',
    find: 'handler.extras?.isActing === true', replace: 'handler.extras?.isActing === 1', project: 'int', testFile: 'libs/messaging/src/nest/trunkline-strategy.int.test.ts',
    testName: 'a question that is delivered again > is answered when it only looks, and left alone when it acts: its asker may have been heard',
  },
  {
    ...session, name: 'lease asked for before a save', why: 'an agent saves while the script of another one runs', file: 'apps/sbc-agent/src/session/device-visit.ts',
    find: 'if (!(await this.parts.leases.renew(this.lease, undefined))) return false;', replace: '',
    testName: 'a session that does not know yet of the loss of its lease > asks before it saves',
  },
  {
    ...siteJobs, name: 'abandonment told to ovoc-sync', why: 'what an operator looks after himself is put into OVOC when ovoc-sync comes to it', file: 'libs/messaging/src/topology/topology.ts',
    find: `fromEvents('ovoc.cleanup.requested'), fromEvents('deployment.abandoned')`, replace: `fromEvents('ovoc.cleanup.requested')`,
    testName: 'a customer who is abandoned > is put into OVOC neither by what is still tried nor by what comes late',
  },
  {
    ...siteJobs, name: 'abandonment heard by ovoc-sync', why: 'it becomes a dead letter, and what an operator looks after himself is put into OVOC', file: 'apps/ovoc-sync/src/site/site.handlers.ts',
    find: '@EventPattern(DeploymentAbandoned.type)', replace: '',
    testName: 'a customer who is abandoned > is put into OVOC neither by what is still tried nor by what comes late',
  },
  {
    ...database, name: 'session without a client ended', why: 'a process that vanishes with its host while it migrates keeps the lock for two hours, and no other one starts',
    find: 'idle_in_transaction_session_timeout=5000 ${serverKeepAlive}`', replace: 'idle_in_transaction_session_timeout=5000`',
    testName: 'database > asks the server to end a session 25 s after its client has vanished',
  },
  {
    ...database, name: 'one look at a time', why: 'looks that are not answered take the sessions that work needs', find: 'if (this.isLooking) return;', replace: '',
    testName: 'database > leaves its other sessions to work while a look is not answered, however long that takes',
  },
  {
    ...session, name: 'note and its forgetting one after the other', why: 'a note that is stored while its customer is abandoned keeps secrets of an operator\'s customer for ever',
    file: 'apps/sbc-agent/src/onboarding/undo-notes.ts', find: 'await lockCustomers(transaction, notes.map(({ customerGuid }) => customerGuid));', replace: '',
    testName: 'a customer that is closed > by who abandons it, while its note is being stored, leaves no note behind',
  },
  {
    ...jobStore, name: 'closes that come at once, the further round', why: 'forward work that was closed begins, because another close came with its own',
    find: 'round: Math.max(close.round, known?.round ?? 0), ', replace: '',
    testName: 'job store > closes a customer of whom two closes come at once as far as the further one goes',
  },
  {
    ...jobStore, name: 'closes that come at once, the abandonment', why: 'an undo takes off what is an operator\'s, because its close came with the abandonment',
    find: '(close.isAbandoned ?? false) || (known?.isAbandoned ?? false)', replace: 'close.isAbandoned ?? false',
    testName: 'job store > closes a customer of whom two closes come at once for good when one of them abandons it',
  },
  {
    ...siteJobs, name: 'another attempt sees what the last one made', why: 'OVOC shows a creation late, and the next attempt makes a twin', file: 'libs/steps/src/attempt.decide.ts',
    find: 'Math.max(afterMs, quietAfterMs)', replace: 'afterMs + 0 * quietAfterMs',
    testName: 'the undo of a site that could not be finished > makes nothing twice, and fails nothing, when OVOC shows the LC customer late and puts the next creation off',
  },
  {
    ...siteJobs, name: 'a taken name may be our own', why: 'a creation that is repeated on its way is answered as taken, shown late, and left behind', file: 'apps/ovoc-sync/src/site/site.step.ts',
    find: `    this.created.add(job);
    const adopted`, replace: '    const adopted',
    testName: 'the undo of a site that could not be finished > also takes off what OVOC shows late of a creation that was answered as if somebody else had the name',
  },
  {
    name: 'a list of something else is not empty', why: 'what OVOC lists under another name is taken for missing, and made a second time', file: 'apps/ovoc-sync/src/ovoc/ovoc-answer.decide.ts',
    find: 'key === undefined ? undefined : ', replace: 'key === undefined ? [] : ', project: 'unit', testFile: 'apps/ovoc-sync/src/ovoc/ovoc-answer.decide.test.ts',
    testName: 'answer of OVOC: lists > a list of something else is no answer',
  },
  {
    name: 'a prompt is no reason', why: 'a device whose name holds a word such as "error" refuses every script', file: 'apps/sbc-agent/src/device/script-rejection.decide.ts',
    find: 'return name === undefined ? [plainPrompt]', replace: `return name !== '' ? [plainPrompt]`, project: 'unit', testFile: 'apps/sbc-agent/src/device/device-answer.decide.test.ts',
    testName: 'a recorded answer of a device > a script is good without a status when only the prompts hold words of a failure (script-prompt-with-words.json)',
  },
  {
    name: 'a connection of its own for each call', why: 'a device that closes idle connections loses scripts, and is waited for', file: 'apps/sbc-agent/src/device/device-call.ts',
    find: 'reset: true,', replace: '', project: 'int', testFile: 'apps/sbc-agent/src/device/sbc-device.rest.int.test.ts',
    testName: 'a device that closes its connections without saying so > as the next call arrives: every call is sent once, on a connection of its own',
  },
  {
    ...database, name: 'read-only sessions thrown away', why: 'a service stays read-only after its database takes writes again', find: 'client.release(isOver);', replace: 'client.release(isOver && false);',
    testName: 'database > that takes no writes > is seen by one look, and one look after it takes them again no session is left that may not write',
  },
  {
    ...database, name: 'a database without writes is away', why: 'messages become dead letters while the database is read-only', find: '|25P03|25006)', replace: '|25P03)',
    testName: 'database > that takes no writes > is away for who writes, and the session that said so is not kept',
  },
  {
    name: 'sessions counted at start', why: 'a service that may have too few sessions starts, and stands still when there is work', file: 'libs/persistence/src/database.ts',
    find: 'options.poolSize + (options.sessionsBeside ?? 0)', replace: 'options.poolSize', project: 'int', testFile: 'libs/persistence/src/session-need.int.test.ts',
    testName: 'the sessions that an account may have > are counted with those that a service opens beside its pool',
  },
  {
    name: 'UTF-8 or nothing', why: 'text in another encoding is taken with replacement characters in it, and deployed', file: 'libs/contracts/src/message/json-bytes.ts',
    find: '{ fatal: true }', replace: '{ fatal: false }', project: 'unit', testFile: 'libs/contracts/src/message/codec.test.ts',
    testName: 'decode > refuses a request in ISO-8859-1 as not UTF-8',
  },
  {
    ...ledger, name: 'receipts name their source', why: 'the request of a system that chooses an id which another one has used is accepted and never checked', file: 'libs/contracts/src/message/registry.ts',
    find: 'requestTypes.has(type) ? `${source} ${id}` : id', replace: '(source && requestTypes.has(type)) ? id : id',
    testName: 'the ledger of deployments > asked for two things under one id > by two systems that have chosen the same id: checks and carries out both',
  },
  {
    ...ledger, name: 'the first of a transaction stands', why: 'of two requests under one key that come at once the first is carried out as if it were the second, which vanishes',
    file: 'apps/provisioner/src/persistence/ledger-writes.ts', find: ' && !messages.has(item.message.subject)', replace: '',
    testName: 'the ledger of deployments > asked for two things under one id > in one transaction, in a message of its own: carries the first out, refuses the other, and takes copies of both for what they are',
  },
  {
    name: 'no of a handler kept', why: 'a request that is refused and has nobody to tell vanishes', file: 'libs/messaging/src/nest/trunkline-strategy.ts',
    find: 'if (error instanceof MessageRefusedError) this.refuse(delivery, queue, error.message);', replace: 'if (error instanceof MessageRefusedError) delivery.ack();',
    project: 'int', testFile: 'libs/messaging/src/nest/trunkline-strategy.int.test.ts',
    testName: 'a Nest microservice over RabbitMQ > with event handlers > makes a dead letter of a message that its handler refuses, at once and with its reason',
  },
  {
    name: 'scripts are judged before they are sent', why: 'a template changed behind the check is sent to a device line by line', project: 'int',
    file: 'apps/sbc-agent/src/session/planned-site.ts', find: 'if (!note && scripts.problems.length > 0) throw', replace: 'if (scripts.problems.length < 0) throw',
    testFile: 'apps/sbc-agent/src/session/own-scripts.int.test.ts',
    testName: 'scripts that are not understood > are refused for good, and nothing is sent: a command of the device',
  },
  {
    name: 'secrets masked in a refused request', why: 'a secret of the caller stands in the answer, the log and the task', project: 'unit',
    file: 'apps/provisioner/src/onboarding/validation.decide.ts', find: 'message: masked(problem.message, secrets)', replace: 'message: problem.message',
    testFile: 'apps/provisioner/src/onboarding/validation.decide.test.ts',
    testName: 'the check of two scripts with the values of a request > shows no secret of a line that is not understood',
  },
  {
    name: 'whole words of a refused line', why: 'a secret that is cut is not found again, and the rest of it is shown', project: 'unit',
    file: 'libs/scripts/src/read-script.ts', find: '[...texts.slice(0, count), \'…\'].join(\' \')', replace: 'texts.join(\' \').slice(0, longestLine)',
    testFile: 'apps/provisioner/src/onboarding/validation.decide.test.ts',
    testName: 'the check of two scripts with the values of a request > shows no secret of a line too long to be shown whole',
  },
  {
    name: 'secrets masked in a refused script', why: 'the outcome of a deployment shows a password of its script', project: 'int',
    file: 'apps/sbc-agent/src/session/planned-site.ts', find: 'masked(scripts.problems.join(\'; \'), scripts.secrets)', replace: 'scripts.problems.join(\'; \')',
    testFile: 'apps/sbc-agent/src/session/own-scripts.int.test.ts', testName: 'scripts that are not understood > are refused without showing a password of theirs',
  },
  {
    name: 'length of a reason', why: 'a failure of many faults is a message that nobody takes', project: 'int',
    file: 'apps/sbc-agent/src/onboarding/site-outcomes.ts', find: 'whole.length > longestReason ? ', replace: 'whole.length < 0 ? ',
    testFile: 'apps/sbc-agent/src/session/own-scripts.int.test.ts', testName: 'scripts that are not understood > are refused with a reason that fits its message, however much is wrong',
  },
  {
    name: 'noted and written is own', why: 'rows without a mark are taken for somebody else\'s by the attempt that has made them', project: 'int',
    file: 'apps/sbc-agent/src/session/device-session.ts', find: 'note: plan.note ?? plan.scripts', replace: 'note: plan.note',
    testFile: 'apps/sbc-agent/src/session/own-scripts.int.test.ts',
    testName: 'a value that the device does not keep > ends the deployment at the second attempt that sent it and read it back, with the line that would state it',
  },
  {
    name: 'nothing to set is never done', why: 'a script that sets nothing is reported as deployed', project: 'unit',
    file: 'apps/sbc-agent/src/onboarding/site.decide.ts', find: 'seen.wanted > 0 && ', replace: '', testFile: 'apps/sbc-agent/src/onboarding/site.decide.test.ts',
    testName: 'what is done with a site that is wanted > is never nothing when it has no rows',
  },
  {
    name: 'a difference counts from the second time', why: 'a device that is slow to show a value fails a deployment', project: 'unit',
    file: 'apps/sbc-agent/src/onboarding/site.decide.ts', find: "kind: isSame ? 'never' : 'again'", replace: "kind: 'never'",
    testFile: 'apps/sbc-agent/src/onboarding/site.decide.test.ts', testName: 'a site read back > is tried again when a value differs for the first time',
  },
  {
    name: 'notes of earlier versions', why: 'a customer of an earlier version can not be taken off its device', project: 'unit',
    file: 'apps/sbc-agent/src/onboarding/site-work.ts', find: 'table: tableName(row.table), ', replace: '', testFile: 'apps/sbc-agent/src/onboarding/site.decide.test.ts',
    testName: 'a note of an earlier version > is read: ip-profile',
  },
  {
    name: 'names leave a print before it is sent', why: 'the smallest part that is not understood takes names and addresses of customers to strangers', file: 'scripts/lib/smallest.mjs',
    find: 'const replaced = replaceNames(smallest, product);', replace: 'const replaced = smallest;', project: 'unit', testFile: 'scripts/lib/smallest.test.ts',
    testName: 'the smallest part that is not understood > holds no name, address, number or GUID of the device',
  },
  {
    name: 'the reader is held against a count of its own', why: 'a device whose rows the product does not see is called understood', file: 'scripts/lib/device-report.mjs',
    find: 'notUnderstood.length > 0 || readDifferently.length > 0', replace: 'notUnderstood.length > 0', project: 'unit', testFile: 'scripts/lib/device-report.test.ts',
    testName: 'a look at a device > names a table of which the reader has other rows than are printed',
  },
  {
    ...examples, name: 'a row inside one of all goes by its index', why: 'a customer\'s rule stays in the dial plan of all', file: 'libs/scripts/src/cleanup-text.ts',
    find: 'else if (word !== undefined && found.index !== undefined) lines', replace: 'else if (word === \'\') lines',
    testName: 'example pairs > the dial plan that all share, on SBC 5 > gets a rule of each customer and loses that one alone, whoever comes and goes at the same time',
  },
  {
    ...examples, name: 'no IP Group, no IPGROUP_TYPE', why: 'OVOC gets a link to an IP Group that is not there', file: 'apps/provisioner/src/onboarding/validation.decide.ts',
    find: "request.ovocCustomerType === 'IPGROUP_TYPE' && problems", replace: 'request.ovocCustomerType === undefined && problems',
    testName: 'example pairs > what can\'t work > is a pair without an IP Group for IPGROUP_TYPE: 400',
  },
  {
    ...examples, name: 'limits of one SBC', why: 'a name is accepted that this SBC will not take', file: 'apps/provisioner/src/onboarding/validate-request.ts',
    find: 'limits: this.parts.limitsOf(sbc.id) };', replace: 'limits: {} };',
    testName: 'example pairs > what can\'t work > is a route whose name is longer than the limit of this SBC: 400',
  },
  {
    ...examples, name: 'defaults of one SBC', why: 'what an operator has stated for an SBC counts for nothing', file: 'libs/scripts/src/compare-rows.ts',
    find: '[wanted.defaults, ofDevice[table], deviceTable', replace: '[wanted.defaults, deviceTable',
    testName: 'example pairs > what can\'t work > is a parameter that is not printed and has no stated default: final after two attempts, with the line to add; stated for the SBC it is fine',
  },
  {
    ...examples, name: 'rows inside a row that nobody has set', why: 'an IP Group of which somebody has doubled the addresses counts as verified', file: 'libs/scripts/src/compare-rows.ts',
    find: 'const extra = free.length > 0 ?', replace: 'const extra = free.length > 99 ?',
    testName: 'example pairs > 11-cac-profile on SBC 4 > stands as its script says, running and saved, is found changed whatever is changed by hand, and is removed without a trace',
  },
];
