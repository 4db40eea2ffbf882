// What keeps the promises, and the test that misses each when it is switched off. `name` is that of a marker in the code; `replace` stands in the
// place of the marked piece: a text, or a function of the piece (';' leaves a statement out). `testName` is the path of the test, exactly;
// `project` the vitest project it belongs to.

const jobStore = { project: 'int', testFile: 'libs/steps/src/job-store.int.test.ts' };
const jobRunner = { project: 'int', testFile: 'libs/steps/src/job-runner.int.test.ts' };
const jobRunnerRoom = { project: 'unit', testFile: 'libs/steps/src/job-runner.test.ts' };
const attempt = { project: 'unit', testFile: 'libs/steps/src/attempt.decide.test.ts' };
const rabbitMq = { project: 'int', testFile: 'libs/messaging/src/transport/rabbitmq/rabbitmq-faults.int.test.ts' };
const ledger = { project: 'int', testFile: 'apps/provisioner/src/ledger/deployment-ledger.int.test.ts' };
const ledgerDecision = { project: 'unit', testFile: 'apps/provisioner/src/ledger/ledger.decide.test.ts' };
const comparison = { project: 'unit', testFile: 'libs/scripts/src/compare-rows.test.ts' };
const scripts = (testFile) => ({ project: 'unit', testFile: `libs/scripts/src/${testFile}.test.ts` });
const commits = { project: 'int', testFile: 'apps/sbc-agent/src/commits/device-commits.int.test.ts' };
const laneJobs = { project: 'int', testFile: 'libs/steps/src/lane-jobs.int.test.ts' };
const leaseStore = { project: 'int', testFile: 'apps/sbc-agent/src/lease/lease-store.int.test.ts' };
const liveness = { project: 'int', testFile: 'apps/sbc-agent/src/lease/liveness.int.test.ts' };
const session = { project: 'int', testFile: 'apps/sbc-agent/src/session/device-session.int.test.ts' };
const leaving = { project: 'int', testFile: 'apps/sbc-agent/src/session/leaving.int.test.ts' };
const drain = { project: 'unit', testFile: 'libs/hosting/src/drain.test.ts' };
const flow = { project: 'flows', testFile: 'test/flows/standalone-in-process.test.ts' };
const examples = { project: 'flows', testFile: 'test/flows/example-pairs.test.ts' };
const deadLetters = { project: 'int', testFile: 'libs/dead-letters/src/dead-letters.int.test.ts' };
const siteJobs = { project: 'int', testFile: 'apps/ovoc-sync/src/site/site.work.int.test.ts' };
const database = { project: 'int', testFile: 'libs/persistence/src/database.int.test.ts' };
const siteStep = { project: 'int', testFile: 'apps/ovoc-sync/src/site/site.step.int.test.ts' };

export const safeguards = [
  {
    ...ledger, name: 'inbox', why: 'a request that is delivered twice is taken for a new one',
    replace: 'new Set(receipts)',
    testName: 'the ledger of deployments > starts nothing for a request that is delivered again after a refusal that may pass',
  },
  {
    name: 'mandatory-publish', why: 'a caller waits for a request that no queue has taken',
    replace: 'false', project: 'int', testFile: 'apps/gateway/src/customers/create-customer.int.test.ts',
    testName: 'creating a customer > answers 503 that nothing has happened when no queue takes the request',
  },
  {
    ...rabbitMq, name: 'publisher-confirm', why: 'a message that the broker never had counts as sent and leaves the outbox',
    replace: (piece) => `${piece} publish.resolve();`,
    testName: 'the RabbitMQ transport under faults > a cut connection > fails a publish whose confirm was under way as unconfirmed',
  },
  {
    ...rabbitMq, name: 'persistent-messages', why: 'a queue that is not a quorum queue forgets the message when the broker starts again',
    replace: 'false',
    testName: 'the RabbitMQ transport under faults > keeps messages on the disk of the broker when everybody is gone',
  },
  {
    ...ledger, name: 'deployment-row-lock', why: 'two decisions on one log do not see each other: nobody says Deployed',
    replace: '',
    testName: 'the ledger of deployments > decides on reports that two provisioners hear at the same moment one after the other',
  },
  {
    name: 'fold-round-order', why: 'what an earlier round said covers what a later one says',
    replace: (piece) => `0 && ${piece}`, project: 'unit', testFile: 'libs/contracts/src/process/fold.test.ts',
    testName: 'fold > lets a later round stand after all of an earlier one, its outcome included',
  },
  {
    ...jobStore, name: 'close-waiting-work', why: 'forward work begins after its undo has been asked for',
    replace: ';',
    testName: 'job store > drops forward work that waits when its customer is closed, and keeps the undo',
  },
  {
    ...jobStore, name: 'close-late-work', why: 'an old forward message builds up again what was undone',
    replace: '',
    testName: 'job store > starts nothing for a forward message that comes after its customer was closed',
  },
  {
    ...jobStore, name: 'close-concurrent-work', why: 'two processes take in work and its close without seeing each other, and what was undone is built up again',
    replace: 'true',
    testName: 'job store > starts nothing for a forward message that comes elsewhere while its customer is closed',
  },
  {
    ...session, name: 'close-checked-before-script', why: 'a script is sent for a customer whose undo has been asked for while the device was read',
    replace: 'false',
    testName: 'a customer that is closed > while the script before it runs gets none either',
  },
  {
    ...session, name: 'undo-note', why: 'after a crash nobody knows that there is something to take off the device',
    replace: ';',
    testName: 'what would have to be undone > is noted for every site of the session before the first script arrives',
  },
  {
    ...comparison, name: 'owner-check', why: 'rows of somebody else are changed and removed',
    replace: 'true',
    testName: 'the comparison with a device > knows a row of somebody else by its mark',
  },
  {
    ...comparison, name: 'strange-twin', why: 'a row that somebody has added under the name of one without a mark is removed with it',
    replace: 'false',
    testName: 'several rows of one name that carry no mark > are somebody else\'s where one has another value',
  },
  {
    ...scripts('cleanup-text'), name: 'unlike-twins-stay', why: 'a rule that somebody has added since is removed by its index',
    replace: 'true',
    testName: 'a cleanup script on a device that was just read > removes all of one name that read alike, the highest index first, and no others',
  },
  {
    ...scripts('pair-problems'), name: 'stray-removals', why: 'a cleanup removes rows of others',
    replace: '[]',
    testName: 'an onboarding script and its cleanup > do not when the cleanup removes one that belongs to all',
  },
  {
    ...scripts('pair-problems'), name: 'rows-without-removal', why: 'an undo that leaves rows by its script goes on for ever',
    replace: '[]',
    testName: 'an onboarding script and its cleanup > do not when the cleanup leaves a row',
  },
  {
    ...comparison, name: 'row-in-effect', why: 'a row that the device keeps switched off counts as programmed',
    replace: 'false',
    testName: 'a row that is not in effect > is ours and differs',
  },
  {
    ...comparison, name: 'row-users-check', why: 'a proxy set that a stranger has come to use is changed and removed',
    replace: ';',
    testName: `a row of our name > is somebody else's as soon as a stranger's IP Group its proxy set`,
  },
  {
    ...comparison, name: 'network-users', why: 'a network interface that a stranger\'s NAT rule has come to use is changed and removed',
    replace: 'false',
    testName: `a row of our name > of the network section is somebody else's as soon as a NAT rule its interface`,
  },
  {
    ...comparison, name: 'empty-secret', why: 'a customer without a password on the device is answered Deployed',
    replace: 'true',
    testName: 'a value that is printed > is a difference without its value: a password that is printed empty',
  },
  {
    ...comparison, name: 'empty-is-no-number', why: 'a number that the device shows as nothing counts as taken back',
    replace: 'true',
    testName: 'a parameter that was taken back > is equal or not where it is a number without a default, and printed empty',
  },
  {
    ...comparison, name: 'unset-child-table', why: 'a proxy set of the customer with an address of somebody else counts as programmed',
    replace: '[] as string[]',
    testName: 'rows inside a row that the script sets none of > are a difference where their table is known',
  },
  {
    ...comparison, name: 'cipher-hidden', why: 'the cipher of a password stands in the reason of a failure',
    replace: 'false',
    testName: 'a value that is printed > is a difference without its value: a cipher of a password that was taken back',
  },
  {
    ...comparison, name: 'stated-defaults', why: 'a value that the device has not taken counts as its default',
    replace: (piece) => `byDefault === undefined || ${piece}`,
    testName: 'a parameter that a print leaves out > is as set when it was nothing that is known, never by guess',
  },
  {
    ...scripts('check-template'), name: 'script-needs-own-row', why: 'a customer for whom nothing is set is answered Deployed',
    replace: 'true',
    testName: `an onboarding script > without a row that is the customer's by its mark is refused: "# nothing"`,
  },
  {
    ...scripts('check-template'), name: 'one-row-of-a-name', why: 'a script that makes two rows of one name is sent again and again, and fails when its time is over',
    replace: 'undefined as ReadRow | undefined',
    testName: 'a row that is entered in several places > is made once: proxy-set',
  },
  {
    ...scripts('check-template'), name: 'cleanup-shared-row', why: 'a cleanup changes what all customers share',
    replace: 'true',
    testName: 'a cleanup script > does not reach a parameter of a shared row',
  },
  {
    ...scripts('check-template'), name: 'cleanup-opens-what-it-removes', why: 'a cleanup changes a row that the onboarding never makes',
    replace: 'true',
    testName: 'a cleanup script > opens no row that it removes never',
  },
  {
    ...scripts('check-template'), name: 'cleanup-makes-no-rows', why: 'a cleanup makes rows, which nothing removes',
    replace: '[]',
    testName: 'a cleanup script > makes no row inside one of its own: new',
  },
  {
    ...scripts('check-template'), name: 'picked-row-keeps-name', why: 'a row of somebody else is renamed, and is the customer\'s from then on',
    replace: '[]',
    testName: 'a row that is picked by its name > gets no other name: ip-group, name',
  },
  {
    ...scripts('check-template'), name: 'picked-child-keeps-name', why: 'a row inside one of the customer\'s is compared by a name that it has lost',
    replace: '[] as TemplateProblem[]',
    testName: 'a row that is picked by its name > holds rows that get none either',
  },
  {
    ...scripts('check-template'), name: 'shared-row-stays-on', why: 'a script switches off what all customers share',
    replace: 'false',
    testName: 'a cleanup script > does not reach the effect of a shared row',
  },
  {
    ...scripts('check-template'), name: 'cleanup-keeps-identity', why: 'a cleanup takes the mark off a row that stays, and nobody finds the row again',
    replace: '[]',
    testName: 'a cleanup script > does not reach the mark of an own row',
  },
  {
    ...scripts('cleanup-text'), name: 'shared-row-stays-off', why: 'a cleanup switches on what all customers share and somebody has switched off',
    replace: 'false',
    testName: 'a cleanup script on a device that was just read > leaves a row that belongs to all switched off',
  },
  {
    ...scripts('cleanup-text'), name: 'absent-row-not-opened', why: 'an undo never ends, or makes a row, when a row that its cleanup opens is gone',
    replace: 'false',
    testName: 'a cleanup script on a device that was just read > opens only what is there: not an own row',
  },
  {
    ...scripts('cleanup-text'), name: 'absent-child-not-removed', why: 'an SBC refuses the cleanup of a row that was made in part, for ever',
    replace: 'false',
    testName: 'a cleanup script on a device that was just read > removes of the rows inside an own one by index only what is there: none of a row that was made in part',
  },
  {
    ...scripts('cleanup-text'), name: 'noted-name', why: 'a row whose name only the onboarding script can tell is never removed',
    replace: 'undefined',
    testName: 'a cleanup script on a device that was just read > finds a row by the name that the onboarding script states',
  },
  {
    ...comparison, name: 'other-word-of-table', why: 'an undo calls a device clean that has the row under the whole name of its table',
    replace: '[]',
    testName: 'a table that is not known, under another word than it is printed with > is left behind by the name that the device prints',
  },
  {
    ...comparison, name: 'shared-row-in-effect', why: '"Deployed" is said of a rule in a dial plan that is switched off',
    replace: 'false',
    testName: 'a row of our name > inside one of all has no effect where that is switched off, whether it is there or not',
  },
  {
    ...scripts('read-script'), name: 'script-line-refused', why: 'a line that nobody has understood is sent to the device',
    replace: ';',
    testName: 'a line that could escape the check > is refused: an unknown word by itself',
  },
  {
    ...scripts('check-template'), name: 'short-removal', why: 'what a cleanup removes depends on what the device makes of a shortened word',
    replace: 'false',
    testName: 'a removal by a shortened word > of a table is refused with the whole word',
  },
  {
    ...scripts('read-script'), name: 'short-parameter', why: 'what a row gets depends on what the device makes of a shortened word',
    replace: 'false',
    testName: 'a line that could escape the check > is refused in a known parameter when cut inside a word, and taken when cut at a hyphen',
  },
  {
    ...scripts('read-script'), name: 'table-or-parameter', why: 'a value that the SBC takes as a parameter of the row is read as another row, and never compared',
    replace: 'false',
    testName: 'a line that could escape the check > is refused where it could be a parameter of the row that is open, or a row of its own: ip-profile',
  },
  {
    ...scripts('read-script'), name: 'show-plain-words', why: 'a script sends the configuration of the device, with all its customers, to anybody',
    replace: 'true',
    testName: 'a line that shows something > is a list of plain words at the top',
  },
  {
    ...scripts('read-script'), name: 'two-key-rows', why: 'a script reaches an address of anybody from a row of its own',
    replace: 'false',
    testName: 'a line that could escape the check > is refused: two keys inside a row that has such rows',
  },
  {
    ...scripts('read-script'), name: 'doubtful-row', why: 'a row that is begun while another is open is taken for part of it, and nobody looks at its name',
    replace: 'true',
    testName: 'a line that could escape the check > is refused: an unknown row while a known one is open',
  },
  {
    ...scripts('read-script'), name: 'table-words', why: 'a line that is nothing is sent as a row of a table that is not known',
    replace: 'undefined as CliWord | undefined',
    testName: 'the name of a table > has words alone: ip-group 5 new',
  },
  {
    ...scripts('read-script'), name: 'command-is-no-table', why: 'a command of the device is sent as a row of a table that is not known',
    replace: 'false',
    testName: 'a command that a script may not give > is no table either: copy "{{IpGroupName}}"',
  },
  {
    ...scripts('configuration'), name: 'print-leap', why: 'a row that is on the device counts as missing',
    replace: 'text.length',
    testName: 'a print > keeps of a whole configuration what holds a wanted name, and nothing else',
  },
  {
    ...leaseStore, name: 'lease-epoch', why: 'an agent that has lost a device goes on writing to it',
    replace: '',
    testName: `device leases > can't be prolonged by an agent that has lost them`,
  },
  {
    ...session, name: 'write-until-holder', why: 'a script is sent that may still run when the next agent begins to write',
    replace: 'true',
    testName: 'a session that was slow to learn that its lease was prolonged > sends no script that could run longer than the others were told to wait',
  },
  {
    ...session, name: 'write-until-successor', why: 'an agent writes while a script of the last one still runs',
    replace: 'true',
    testName: 'the time within which scripts may take effect > goes on after an unanswered script: the next session waits until the rows are there',
  },
  {
    ...session, name: 'lane-held', why: 'an agent that has lost a device takes the jobs of the one that has it',
    replace: '`${lane} <> \'\'`',
    testName: 'a session whose lease somebody else has taken > before it goes on gets no jobs of the other agent',
  },
  {
    ...leaseStore, name: 'silent-and-free', why: 'an agent ends the jobs of an SBC that another one is probing, and has perhaps just heard',
    replace: 'AND ($2::bigint IS NULL OR true)',
    testName: 'device leases > of a device that is silent keep its jobs from being ended by others while it is probed',
  },
  {
    ...commits, name: 'lease-row-skipped', why: 'one agent that has stopped in the middle of a commit holds up the visits to all devices',
    replace: '\'\'',
    testName: 'visits of several devices that come to the same point > do not wait for the lease row that somebody has locked who does not go on',
  },
  {
    ...commits, name: 'locked-take-again', why: 'a device whose lease row was locked for a moment is found again only by a search',
    replace: 'undefined as never',
    testName: 'visits of several devices that come to the same point > do not wait for the lease row that somebody has locked who does not go on',
  },
  {
    ...commits, name: 'visit-allowed', why: 'a device that wants to be left alone is visited again and again as long as jobs come for it',
    replace: '\'\'',
    testName: 'a device > that rests, or whose breaker is open, is not taken for a visit',
  },
  {
    ...leaseStore, name: 'probe-allowed', why: 'a device that another agent has heard again meanwhile is probed instead of visited',
    replace: '\'\'',
    testName: 'device leases > are neither asked for nor given while a device rests or its breaker allows only a probe',
  },
  {
    name: 'renewed-certificate', why: 'an SBC that always has work is not trusted by its new certificate, nor distrusted by its old one, before the agent starts again',
    replace: 'false', project: 'int', testFile: 'apps/sbc-agent/src/device/sbc-device.rest.int.test.ts',
    testName: 'a device behind TLS > is trusted by the certificate file as it is when the device is opened',
  },
  {
    ...commits, name: 'answer-of-epoch', why: 'a visit that has lost its lease takes the answer for the next one of the same agent as its own',
    replace: 'true',
    testName: 'visits of several devices that come to the same point > tell two of one device apart, of which this agent has lost the first',
  },
  {
    ...commits, name: 'refused-result', why: 'one result that PostgreSQL refuses keeps the others of the visit from being stored, and the device from being given back',
    replace: 'false',
    testName: 'visits of several devices that come to the same point > store all but the result that PostgreSQL refuses; its job is retried, the device released',
  },
  {
    ...jobStore, name: 'results-in-order', why: 'two commits that store results, or close jobs, wait for each other for ever',
    replace: 'results',
    testName: 'job store > locks jobs in the order of their ids, when it stores results and when it closes',
  },
  {
    ...jobStore, name: 'closes-in-order', why: 'two commits that close jobs, or store results, wait for each other for ever',
    replace: '',
    testName: 'job store > locks jobs in the order of their ids, when it stores results and when it closes',
  },
  {
    ...commits, name: 'search-in-time', why: 'what is due for a device waits as long as work comes for others',
    replace: 'false',
    testName: 'a device > is visited soon when other work comes all the time',
  },
  {
    ...session, name: 'closed-owes-no-save', why: 'an SBC is saved because of a script that was never sent',
    replace: 'answer !== \'lost\'',
    testName: 'a customer that is closed > while its device is read gets no script, and its undo finds nothing',
  },
  {
    ...commits, name: 'note-under-lease', why: 'an agent that has lost a device notes what another one is about to do there',
    replace: '\'true\'',
    testName: 'visits of several devices that come to the same point > store nothing of one whose device another agent has taken',
  },
  {
    ...commits, name: 'note-settled-with-result', why: 'what is left of a customer on a device is forgotten, although nobody was told that nothing is left',
    replace: '\'SELECT customer_guid FROM job WHERE id = ANY($1::bigint[])\'',
    testName: 'visits of several devices that come to the same point > keep the undo note when the result that nothing is left could not be stored',
  },
  {
    ...session, name: 'begun-is-not-too-late', why: 'what a script may have made is left on an SBC and told as never begun',
    replace: 'true',
    testName: 'an agent that dies when it has claimed jobs > has begun with one that has a note: it is gone on with, whatever the time',
  },
  {
    name: 'sweep-asks-again', why: 'a sweep writes rows of a customer that an operator looks after',
    replace: 'true', project: 'int', testFile: 'apps/sbc-agent/src/sweep/device-sweep.int.test.ts',
    testName: 'a sweep > sends nothing more for a customer that is abandoned while it is cleaned',
  },
  {
    ...leaseStore, name: 'save-owed', why: 'what was written and not saved is lost when the device starts again',
    replace: 'save_owed = save_owed,',
    testName: 'device leases > name a device whose save is owed as one with work',
  },
  {
    ...flow, name: 'read-back', why: 'a script that the device took and did not carry out is called a success',
    replace: 'true',
    testName: 'standalone in process > a peer that is in trouble for a while > is an SBC that forgets what it has taken: deployed, there and saved',
  },
  {
    ...session, name: 'cleanup-read-back', why: 'a cleanup that the device took and did not carry out is called a success, and the rows stay for ever',
    replace: 'true',
    testName: 'what would have to be undone > is taken off once more when the device has taken the cleanup and not carried it out',
  },
  {
    ...session, name: 'one-reading-per-name', why: 'two customers of one name both find it free',
    replace: ';',
    testName: `two jobs for the same rows > do not share a reading: the second is decided on one that shows the first's rows`,
  },
  {
    name: 'batch-lock-alone', why: 'whatever comes with one row that somebody has locked fails with it',
    replace: 'false', project: 'unit', testFile: 'libs/persistence/src/group-commit.test.ts',
    testName: 'group commit > of which one waits for a lock in vain > tries each alone, beside the others (55P03)',
  },
  {
    name: 'batch-halving', why: 'one row that PostgreSQL refuses fails every message that came with it',
    replace: 'true', project: 'unit', testFile: 'libs/persistence/src/group-commit.test.ts',
    testName: 'group commit > fails an item that no commit can get past alone, whatever is thrown',
  },
  {
    name: 'session-limits', why: 'a paused instance holds its row locks, and everybody waits for it',
    replace: '\'\'', project: 'int', testFile: 'libs/persistence/src/database.int.test.ts',
    testName: 'database > limits each session by idle_in_transaction_session_timeout',
  },
  {
    ...ledgerDecision, name: 'redrive', why: 'a message that a deleted queue took with it is missed for ever',
    replace: 'undefined',
    testName: 'what is overdue > asks the SBC again under the old id',
  },
  {
    ...jobStore, name: 'redrive-answered', why: 'who asks again for an outcome that was lost on its way hears nothing',
    replace: 'return this.outbox.store(transaction, []);',
    testName: 'job store > tells a stored outcome again, under its old id and marked, when the message is re-driven',
  },
  {
    ...ledger, name: 'redrive-at-start', why: 'after a restart a deployment waits for a message that is gone until it is overdue',
    replace: 'false',
    testName: 'the ledger of deployments > sends again at the start what an unfinished deployment waits for, overdue or not',
  },
  {
    name: 'ack-after-commit', why: 'a message is gone from the queue before anything of it is on disk',
    replace: (piece) => `delivery.ack(); ${piece}`, project: 'int', testFile: 'libs/messaging/src/nest/trunkline-strategy.int.test.ts',
    testName: 'a Nest microservice over RabbitMQ > with event handlers > acknowledges when the handler has resolved, not before',
  },
  {
    ...jobStore, name: 'handler-awaits-commit', why: 'a message is acknowledged while its effects are still to be committed',
    replace: (piece) => piece.replace('await', 'void'),
    testName: 'job store > says that a message is taken only when its job is on disk',
  },
  {
    ...jobStore, name: 'one-running-job', why: 'an undo runs beside the work it undoes',
    replace: 'AND false',
    testName: 'job store > lets the undo wait for the forward job that runs, whose outcome is then not told',
  },
  {
    ...jobStore, name: 'one-waiting-job', why: 'two jobs of one customer are begun together',
    replace: 'AND false',
    testName: 'job store > claims one job of a customer at a time, also of several that wait',
  },
  {
    ...jobStore, name: 'outcome-with-result', why: 'the outcome of a job that was closed, or that somebody else has by now, is told all the same',
    replace: `'true'`,
    testName: 'job store > tells of several results that it is given at once the outcomes of those that it stores',
  },
  {
    ...jobStore, name: 'claim-epoch', why: 'a process that has lost its job overwrites what its heir has found',
    replace: '',
    testName: 'job store > does not store the result of a claim that was taken over',
  },
  {
    ...attempt, name: 'look-after-call', why: 'a look that comes too early finds nothing, and everything is created once more',
    replace: '0',
    testName: 'what follows a failed attempt > never looks before a lost call can be over',
  },
  {
    ...siteStep, name: 'ovoc-late-visibility', why: 'what is only half visible is cleaned up, and its other half stays behind',
    replace: 'false',
    testName: 'site step in trouble > does not clean up what OVOC has created and does not show yet',
  },
  {
    ...siteStep, name: 'ovoc-existing-services', why: 'what a lost answer has created is created once more',
    replace: '[]',
    testName: 'site step in trouble > is unknown when the answer to a creation of services is lost, and the next attempt leaves exactly one of each',
  },
  {
    ...siteStep, name: 'ovoc-twins-removed', why: 'what OVOC has created twice stays there twice',
    replace: ';',
    testName: 'site step in trouble > keeps the oldest of twins whose chain is whole',
  },
  {
    ...ledger, name: 'name-release', why: 'somebody else gets the name while its rows are still being removed',
    replace: 'effects.recorded.length > 0',
    testName: 'the ledger of deployments > gives a name to somebody else only when everything of the one who had it is undone',
  },
  {
    ...ledgerDecision, name: 'idempotency-fingerprint', why: 'another request under an old key is answered with the outcome of the first',
    replace: 'false',
    testName: 'a repeated request > is refused when it asks for something else, and changes nothing',
  },
  {
    name: 'request-repeat', why: 'a request that was lost with its queue is never heard of again',
    replace: ';', project: 'int', testFile: 'apps/gateway/src/customers/create-customer.int.test.ts',
    testName: 'creating a customer > sends the same message again until it is accepted, and no more',
  },
  {
    ...rabbitMq, name: 'topology-redeclared', why: 'an exchange that is deleted stays away as long as the connections live',
    replace: 'true',
    testName: 'the RabbitMQ transport under faults > something of ours is deleted on the broker > an exchange comes back with its bindings although queues and connections never went',
  },
  {
    ...rabbitMq, name: 'copies-rebound', why: 'a gateway whose exchange was deleted hears no more copies',
    replace: (piece) => `${piece} this.own = undefined;`,
    testName: 'the RabbitMQ transport under faults > something of ours is deleted on the broker > an exchange comes back with its bindings although queues and connections never went',
  },
  {
    ...rabbitMq, name: 'consumer-renewal', why: 'a service whose queue was deleted without a word to it gets no more messages',
    replace: 'undefined',
    testName: 'the RabbitMQ transport under faults > something of ours is deleted on the broker > a queue is read again also when the broker says nothing of the consumers it had',
  },
  {
    ...rabbitMq, name: 'renewed-consumer-cancelled', why: 'what the broker counts as handed out to a consumer, and has not, is handed to nobody',
    replace: ';',
    testName: 'the RabbitMQ transport under faults > something of ours is deleted on the broker > a queue that is declared again at once is read again, whatever the broker counts',
  },
  {
    ...rabbitMq, name: 'renewed-consumer-settles', why: 'a consumer that is renewed hands out a second time what it is still working on',
    replace: 'true',
    testName: 'the RabbitMQ transport under faults > something of ours is deleted on the broker > a renewed consumer is handed nothing twice, and none follows before the first is settled',
  },
  {
    ...rabbitMq, name: 'renewed-consumer-delivers', why: 'what comes to it while it gives way counts as handed out before: an operator\'s question is not answered',
    replace: (piece) => `this.isRetired = true; ${piece}`,
    testName: 'the RabbitMQ transport under faults > something of ours is deleted on the broker > a question that comes while its responder is made anew is handed out once, and answered',
  },
  {
    name: 'renewal-connection', why: 'a consumer that was being renewed when its connection went is never renewed again',
    replace: ';', project: 'unit', testFile: 'libs/messaging/src/transport/rabbitmq/workarounds/silent-consumer.test.ts',
    testName: 'a subscription whose renewal waits for its prefetch > is renewed on the next connection when this one is lost meanwhile',
  },
  {
    name: 'renewal-after-stop', why: 'a question is begun after its service has stopped',
    replace: 'true', project: 'unit', testFile: 'libs/messaging/src/transport/rabbitmq/workarounds/silent-consumer.test.ts',
    testName: 'a subscription whose renewal waits for its prefetch > hands out nothing more when it is stopped meanwhile',
  },
  {
    ...rabbitMq, name: 'renewal-while-closing', why: 'a service that stops says that it has lost its broker, and connects once more',
    replace: ';',
    testName: 'the RabbitMQ transport under faults > something of ours is deleted on the broker > a transport that is closed while a consumer is made anew says nothing of a loss',
  },
  {
    ...rabbitMq, name: 'no-third-consumer', why: 'a handler that hangs is handed more and more messages',
    replace: 'false',
    testName: 'the RabbitMQ transport under faults > something of ours is deleted on the broker > a renewed consumer is handed nothing twice, and none follows before the first is settled',
  },
  {
    ...jobStore, name: 'outbox-relay', why: 'an event that could not leave when it was stored never leaves',
    replace: ';',
    testName: 'job store > sends an outcome that could not leave as soon as the transport is there',
  },
  {
    ...jobStore, name: 'outbox-until-confirmed', why: 'an event that could not leave is forgotten',
    replace: (piece) => piece.replace(/;$/, '.catch(() => undefined);'),
    testName: 'job store > sends an outcome that could not leave as soon as the transport is there',
  },
  {
    name: 'fault-points-in-production', why: 'a variable that somebody left behind kills a service in the middle of its work',
    replace: 'false', project: 'unit', testFile: 'libs/runtime/src/fault-points.test.ts',
    testName: 'fault points > are refused in production',
  },
  {
    ...attempt, name: 'step-deadline', why: 'a step whose peer never comes back goes on for ever, and its caller is never answered',
    replace: 'false',
    testName: 'what follows a failed attempt > gives up at the deadline',
  },
  {
    ...ledgerDecision, name: 'deployment-deadline', why: 'a deployment whose agents are all gone never ends',
    replace: 'false',
    testName: 'what is overdue > undoes everything at 2026-01-02T00:01:01.000Z when the work could have begun until midnight',
  },
  {
    ...jobStore, name: 'start-by', why: 'work begins that its caller has given up a day ago',
    replace: 'false AS is_too_late',
    testName: 'job store > calls a job too late that is first claimed after its time to begin',
  },
  {
    ...jobRunner, name: 'start-by-at-intake', why: 'work begins that its caller has given up while its message was on its way',
    replace: 'false',
    testName: 'job runner > begins nothing whose time to begin has passed',
  },
  {
    ...jobStore, name: 'intake-claim-alone', why: 'an undo runs beside the work it undoes',
    replace: 'false OR',
    testName: 'job store > with a runner that has room > claims one job a customer, the undo first, and none while another of it is open',
  },
  {
    ...siteStep, name: 'ovoc-device-forgotten', why: 'for ten minutes no customer can be placed on an SBC that was made anew in OVOC',
    replace: ';',
    testName: 'site step > asks again for a device that OVOC no longer knows, and creates all on the new one',
  },
  {
    ...jobStore, name: 'closed-job-leaves-work', why: 'an undo that comes as the work it undoes ends waits for a poll',
    replace: 'false',
    testName: 'job store > says that the end of a job that is just being closed leaves work: its undo',
  },
  {
    ...jobRunnerRoom, name: 'claim-keeps-room', why: 'under load twice as many jobs run as are allowed',
    replace: ';',
    testName: 'the room of a job runner > is not used by an intake while a claim is asked for it',
  },
  {
    ...jobRunnerRoom, name: 'room-for-several', why: 'each job that ends makes a claim of its own',
    replace: 'true',
    testName: 'the room that jobs of a job runner leave > is claimed for when it is enough for several, else a moment later',
  },
  {
    ...jobRunnerRoom, name: 'room-soon', why: 'room for one job waits for a poll',
    replace: ';',
    testName: 'the room that jobs of a job runner leave > is claimed for when it is enough for several, else a moment later',
  },
  {
    ...jobStore, name: 'storable-note', why: 'what a peer has answered keeps the result of a job from being stored',
    replace: 'note.slice(0, maxNoteLength)',
    testName: 'job store > keeps of a note what PostgreSQL takes',
  },
  {
    ...jobStore, name: 'plans-by-keys', why: 'a plan that was made while a table was empty reads all of it later',
    replace: '\'\'',
    testName: 'job store > asks for jobs by their keys alone',
  },
  {
    ...jobStore, name: 'no-scan-of-open-jobs', why: 'what one job becomes is found by reading all open ones',
    replace: '`job.state = \'running\'`',
    testName: 'job store > asks for jobs by their keys alone',
  },
  {
    ...commits, name: 'work-that-can-be-claimed', why: 'an agent visits a device again and again for a job that is to wait for another one of its customer',
    replace: 'true',
    testName: 'a device > is not visited again at once for jobs that can not be claimed',
  },
  {
    ...jobRunnerRoom, name: 'freed-room-is-used', why: 'a job that found no room waits for a poll',
    replace: 'false',
    testName: 'the room of a job runner > is used at once when an intake has kept it for nothing',
  },
  {
    name: 'newest-revision', why: 'a request is checked against scripts that were changed before it came',
    replace: 'true', project: 'unit', testFile: 'apps/provisioner/src/catalogue/catalogue.repository.test.ts',
    testName: 'the catalogue in memory does not go back when a slower commit has seen an older revision',
  },
  {
    name: 'print-whole', why: 'a print that was cut proves that a customer\'s rows are gone',
    replace: 'false', ...session,
    testName: 'what would have to be undone > is not called gone by a print that ends in the middle',
  },
  {
    name: 'print-whole-report', why: 'a person trusts us with a device of whose print a part was read',
    replace: 'false', project: 'unit', testFile: 'scripts/lib/device-report.test.ts',
    testName: 'a look at a device > does not take for whole a print that is cut',
  },
  {
    name: 'print-noise', why: 'a line of the terminal hides every row behind it',
    replace: 'true', project: 'unit', testFile: 'libs/scripts/src/configuration.test.ts',
    testName: 'a print > is not whole with a line between that is of no row: syslog message 7',
  },
  {
    ...scripts('configuration'), name: 'print-network-whole', why: 'a print without the network section proves that a customer\'s TLS context is gone',
    replace: '[\'voip\']',
    testName: 'a print > is whole only with the network section where rows of it are wanted: without it',
  },
  {
    ...siteStep, name: 'ovoc-device-by-id', why: 'for ten minutes customers are put on a device that is the SBC no more',
    replace: 'true',
    testName: 'site step > remembers no device that was found by its name: another one may have the SBC\'s id by now',
  },
  {
    ...session, name: 'visit-goes-on', why: 'a customer that comes while its SBC is visited waits for another visit',
    replace: 'false',
    testName: 'a customer that comes during a visit > is served in that very visit',
  },
  {
    ...database, name: 'failed-statement', why: 'what was rolled back counts as committed',
    replace: ';',
    testName: 'database > fails a transaction with the failure of a statement that nobody waited for',
  },
  {
    ...session, name: 'report-while-script-runs', why: 'what is on the device is reported before it can be saved',
    replace: (piece) => `true || ${piece}`,
    testName: 'a script that may still be running > is saved only when the script is seen complete, and nothing is reported before',
  },
  {
    ...session, name: 'save-while-script-runs', why: 'the save misses what the script does, and nothing is owed any more',
    replace: ';',
    testName: 'the time within which scripts may take effect > is over before a device that owes nothing but a save is saved',
  },
  {
    name: 'circuit-breaker', why: 'agents go on asking a device that does not answer',
    replace: '5_000', project: 'int', testFile: 'apps/sbc-agent/src/session/breaker.int.test.ts',
    testName: 'a device that does not answer > is left alone by all agents after five faults, and used again once a probe is answered',
  },
  {
    name: 'sweep', why: 'what a paused agent had begun to send stays on the device',
    replace: ';', project: 'int', testFile: 'apps/sbc-agent/src/sweep/device-sweep.int.test.ts',
    testName: 'a script that arrives when another agent has long had the device > leaves nothing of a customer that was cleaned meanwhile',
  },
  {
    ...session, name: 'release-without-attempt', why: 'a site fails although its script was taken, because that of another one was not answered',
    replace: 'this.fail(plans, new TransientError(\'SBC_NOT_SAVED\', \'not saved\'));',
    testName: 'a script that may still be running > costs the others no attempt',
  },
  {
    ...session, name: 'sweep-owed-unsaved', why: 'a device that starts again loses customers who are told as deployed',
    replace: ';',
    testName: `a device that can't save > and starts again has what was reported to be there set again, and saved`,
  },
  {
    ...deadLetters, name: 'dead-letter-returned-once', why: 'two operators hand a message out twice',
    replace: '',
    testName: 'dead letters of a service over RabbitMQ > returned > are returned once by ten operators at once, and dropped by none of ten others',
  },
  {
    ...deadLetters, name: 'dead-letter-portions', why: 'a list of long dead letters takes more memory than the service has',
    replace: '1e9',
    testName: 'dead letters of a service over RabbitMQ > are listed with a few bodies in memory at a time and short contents, and returned whole',
  },
  {
    ...deadLetters, name: 'dead-letter-row-lock', why: 'who comes while a message is being returned hands it out once more',
    replace: '',
    testName: 'dead letters of a service over RabbitMQ > returned > are not returned again by an operator who came while another one was at it',
  },
  {
    ...deadLetters, name: 'handling-attempts', why: 'a message that no handler can take goes round for ever, and its deployment never ends',
    replace: 'true',
    testName: 'dead letters of a service over RabbitMQ > of handlers that keep failing > are given up after eight failures counted by several processes, and the step fails',
  },
  {
    ...deadLetters, name: 'absence-not-counted', why: 'messages are given up because the database was away',
    replace: ';',
    testName: 'dead letters of a service over RabbitMQ > of handlers that keep failing > are not counted while database or broker are away',
  },
  {
    ...deadLetters, name: 'copy-failure-silent', why: 'a deployment that goes well is told as failed',
    replace: (piece) => `false && ${piece}`,
    testName: 'dead letters of a service over RabbitMQ > of handlers that keep failing > tell no failure of a copy whose message was taken in before',
  },
  {
    name: 'dead-queue-replaced', why: 'a service whose queue did not survive a kill of the broker never gets a message again',
    replace: 'true', project: 'flows', testFile: 'test/flows/broker-killed.test.ts',
    testName: 'a broker that is killed > just after a queue was declared leaves it unreadable, and the next customer is deployed',
  },
  {
    ...liveness, name: 'one-lease-session', why: 'an agent that can not prove that it lives takes all sessions of the database',
    replace: ';',
    testName: 'the liveness of an agent > costs one database session an agent, however many ask at once and however often that fails',
  },
  {
    ...ledgerDecision, name: 'failed-cleanup-rest', why: 'a cleanup that is refused is asked for again without a pause',
    replace: 'false',
    testName: 'a delete > lets a create rest whose cleanup has failed, and goes on when that is tried again',
  },
  {
    name: 'dead-queue-patience', why: 'a queue whose leader is only away is deleted with what it holds',
    replace: 'true', project: 'unit', testFile: 'libs/messaging/src/transport/rabbitmq/workarounds/unreadable-queue.test.ts',
    testName: `a queue that can't be read > is removed when it has been dead for half a minute, and not before`,
  },
  {
    name: 'abandonment-redrive', why: 'a broker that loses it leaves the agents with a customer that is an operator\'s',
    replace: 'undefined', project: 'unit', testFile: ledgerDecision.testFile,
    testName: `an operator's action > is told again when it was to abandon, for a broker may lose it, but not for ever`,
  },
  {
    name: 'abandoned-note-deleted', why: 'secrets of a customer that is an operator\'s are kept for ever',
    replace: '[]', project: 'int', testFile: 'apps/sbc-agent/src/sweep/device-sweep.int.test.ts',
    testName: 'a sweep > neither sets again nor removes what is left of an abandoned customer',
  },
  {
    ...leaseStore, name: 'sweep-after-dead-holder', why: 'an agent whose session ended while it was paused sends behind the back of the next one, and nobody looks',
    replace: (piece) => `${piece} + ' AND expires_at < now()'`,
    testName: 'device leases > owe one also when its session has ended, which a paused agent outlives',
  },
  {
    ...ledgerDecision, name: 'hold-policy', why: 'what an operator was to look at is undone',
    replace: 'false',
    testName: 'what is overdue > and out of time when failures are held > is held, whatever is heard of it later',
  },
  {
    ...liveness, name: 'session-proof', why: 'an agent goes on with a session that the server has ended, and others take it for dead',
    replace: 'true',
    testName: 'the liveness of an agent > over a link that has died without a word > is proven by another session: the agent notices',
  },
  {
    ...liveness, name: 'idle-session-timeout', why: 'an agent whose host has vanished keeps its lock for two hours, and it gets no lease itself when it is back',
    replace: '0',
    testName: 'the liveness of an agent > over a link that has died without a word > is over for the others after 15 s: the server notices',
  },
  {
    name: 'query-timeout', why: 'a statement on a link that has died without a word is waited for until the kernel gives up',
    replace: '0', project: 'int', testFile: 'libs/persistence/src/database.int.test.ts',
    testName: 'database > gives up a link that has died without a word, and gets another',
  },
  {
    ...laneJobs, name: 'close-work-of-last-holder', why: 'what was undone is built up again on a device by the agent that takes over',
    replace: 'true)',
    testName: 'jobs of a lane > are taken over from whoever held the lane before, but none that was closed meanwhile',
  },
  {
    ...laneJobs, name: 'start-by-in-lane', why: 'a device gets a customer that its caller has given up a day ago',
    replace: 'false AS is_too_late',
    testName: 'jobs of a lane > are too late when their time to begin has passed and no attempt says why it did not end',
  },
  {
    ...jobStore, name: 'close-work-of-dead-holder', why: 'what was undone is built up again by who takes over from a process that died',
    replace: '',
    testName: 'job store > undoes a closed job whose holder is gone and whose claim has expired, and takes none over',
  },
  {
    ...jobRunner, name: 'claim-margin', why: 'two processes work on one customer in OVOC once the database is back',
    replace: 'claimMs',
    testName: 'job runner > gives up an attempt whose claim can not be renewed while its last call can still end before somebody else has the job',
  },
  {
    name: 'refusal-without-database', why: 'callers wait for a minute for a database that everybody knows to be away',
    replace: 'false', project: 'int', testFile: 'apps/gateway/src/waiting/waiting-room.int.test.ts',
    testName: 'waiting over RabbitMQ > is refused at once while the provisioner is not ready, and begins again when it is',
  },
  {
    name: 'unready-remembered', why: 'a provisioner that starts again without its database opens the gate for everybody who then waits for a minute',
    replace: 'false', project: 'unit', testFile: 'apps/gateway/src/health/standing.decide.test.ts',
    testName: 'what a gateway thinks of the provisioners > is what the only one said last when it does not answer',
  },
  {
    name: 'standing-queue', why: 'reads that wait for a lost database keep the gateways from hearing that it is lost',
    replace: 'provisioner', project: 'int', testFile: 'apps/gateway/src/waiting/waiting-room.int.test.ts',
    testName: 'waiting over RabbitMQ > is refused also while more reads wait for the database than the provisioner has hands',
  },
  {
    name: 'one-ready-provisioner', why: 'one that has lost its database makes the gateways refuse what another could have stored',
    replace: (piece) => piece.replace('some', 'every'), project: 'unit', testFile: 'apps/gateway/src/health/standing.decide.test.ts',
    testName: 'what a gateway thinks of the provisioners > is well while one of them is',
  },
  {
    name: 'event-count', why: 'a caller is told progress that the log has lost, and that nobody can read again',
    replace: (piece) => piece.replace('===', '>='), project: 'unit', testFile: 'apps/gateway/src/waiting/waiting.decide.test.ts',
    testName: 'where a deployment stands by what was heard of it > is incomplete when a report was heard that the log has lost',
  },
  {
    ...ledger, name: 'names-in-database', why: 'two creates decided on in one transaction get the same name, and one of them no customer',
    replace: 'true',
    testName: 'the ledger of deployments > gives a name that two ask for in one transaction to one; the other leaves nothing behind',
  },
  {
    ...ledger, name: 'name-order', why: 'two provisioners wait for the names of each other until the database ends one of the two',
    replace: 'ticket.customerGuid',
    testName: 'the ledger of deployments > never lets two provisioners wait for the names of each other',
  },
  {
    ...ledger, name: 'lock-order-at-start', why: 'a provisioner that starts and another at work wait for each other until the database ends one of the two',
    replace: '',
    testName: 'the ledger of deployments > is locked in id order at the start of a provisioner',
  },
  {
    ...ledger, name: 'cleanup-rest-at-start', why: 'each restart of a provisioner adds a round to every cleanup that fails',
    replace: '',
    testName: 'the ledger of deployments > lets a cleanup that rests go on resting at the start',
  },
  {
    ...ledgerDecision, name: 'end-is-final', why: 'a report that comes after the end changes what everybody has been told',
    replace: 'false',
    testName: 'a create > is told the same after its end, whatever is reported late',
  },
  {
    ...ledgerDecision, name: 'cleanup-backoff', why: 'the log of a cleanup that fails for ever grows by the minute, and every decision reads all of it',
    replace: '0',
    testName: 'a create > whose cleanup fails again and again > rests twice as long each time, up to 256 times as long',
  },
  {
    ...jobStore, name: 'undo-after-quiet', why: 'OVOC shows an object after its customer was told as undone',
    replace: 'AND false',
    testName: 'job store > does nothing for a customer while an attempt of his that has ended may still come to light',
  },
  {
    name: 'late-effects-of-created', why: 'the undo of a refused site looks before OVOC shows what it has created',
    replace: 'false', project: 'int', testFile: 'apps/ovoc-sync/src/site/site.work.int.test.ts',
    testName: 'the undo of a site that could not be finished > also takes off what OVOC shows late of a creation that was answered, when the next one is refused for good',
  },
  {
    name: 'late-effects-of-failed', why: 'what OVOC has created before it failed is created once more, or stays after the undo',
    replace: (piece) => `false && ${piece}`, project: 'int', testFile: 'apps/ovoc-sync/src/site/site.work.int.test.ts',
    testName: 'the undo of a site that could not be finished > also takes off what OVOC shows late of a creation that OVOC said had failed in the last attempt',
  },
  {
    name: 'late-effects-of-unanswered', why: 'the undo of a site looks while its last creation may still run',
    replace: '0', project: 'int', testFile: 'apps/ovoc-sync/src/site/site.work.int.test.ts',
    testName: 'the undo of a site that could not be finished > also takes off what OVOC shows late of a creation whose answer was lost while it was cancelled',
  },
  {
    ...jobStore, name: 'abandoned-job-refused', why: 'a late undo takes off what is an operator\'s',
    replace: 'false',
    testName: 'job store > begins nothing more of a customer that is abandoned, not even an undo that comes late',
  },
  {
    ...session, name: 'abandoned-note-refused', why: 'a secret of a customer that is an operator\'s is kept for ever',
    replace: 'AND false',
    testName: 'a customer that is closed > by who abandons it, while its device is read, gets no script, and no note is kept of it',
  },
  {
    name: 'claim-check-before-call', why: 'a process that was paused calls OVOC although somebody else has the job',
    replace: ';', project: 'unit', testFile: 'libs/steps/src/held-claim.test.ts',
    testName: 'a held claim > allows nothing after a pause that outlived it, though no timer has come to its turn',
  },
  {
    ...jobRunner, name: 'claim-renewal', why: 'every attempt that takes longer than a claim is cut off',
    replace: ';',
    testName: 'job runner > keeps a claim that it renews for as long as the attempt takes',
  },
  {
    ...jobRunner, name: 'lost-claim', why: 'two processes go on with one job',
    replace: ';',
    testName: `job runner > gives up an attempt whose claim is somebody else's already`,
  },
  {
    ...jobRunner, name: 'jobs-released-at-stop', why: 'a job of a process that was stopped waits for the end of its claim',
    replace: 'true',
    testName: 'job runner > hands back what does not end before it stops, for when its last call is over',
  },
  {
    name: 'acting-query-once', why: 'an operator is told no because of what he did himself',
    replace: 'false', project: 'int', testFile: 'libs/messaging/src/nest/trunkline-strategy.int.test.ts',
    testName: 'a question that is delivered again > is answered when it only looks, and left alone when it acts: its asker may have been heard',
  },
  {
    ...session, name: 'lease-check-before-save', why: 'an agent saves while the script of another one runs',
    replace: ';',
    testName: 'a session that does not know yet of the loss of its lease > asks before it saves',
  },
  {
    ...siteJobs, name: 'abandonment-binding', why: 'what an operator looks after himself is put into OVOC, or back on an SBC, by what is still tried',
    replace: '',
    testName: 'a customer who is abandoned > is put into OVOC neither by what is still tried nor by what comes late',
  },
  {
    ...siteJobs, name: 'abandonment-handler', why: 'it becomes a dead letter, and what an operator looks after himself is put into OVOC',
    replace: '\'nothing\'',
    testName: 'a customer who is abandoned > is put into OVOC neither by what is still tried nor by what comes late',
  },
  {
    ...database, name: 'server-keepalive', why: 'a process that vanishes with its host while it migrates keeps the lock for two hours, and no other one starts',
    replace: '\'\'',
    testName: 'database > asks the server to end a session 25 s after its client has vanished',
  },
  {
    ...database, name: 'one-database-look', why: 'looks that are not answered take the sessions that work needs',
    replace: ';',
    testName: 'database > leaves its other sessions to work while a look is not answered, however long that takes',
  },
  {
    ...session, name: 'undo-note-lock', why: 'a note that is stored while its customer is abandoned keeps secrets of an operator\'s customer for ever',
    replace: ';',
    testName: 'a customer that is closed > by who abandons it, while its note is being stored, leaves no note behind',
  },
  {
    ...jobStore, name: 'concurrent-closes-round', why: 'forward work that was closed begins, because another close came with its own',
    replace: 'close.round',
    testName: 'job store > closes a customer of whom two closes come at once as far as the further one goes',
  },
  {
    ...jobStore, name: 'concurrent-closes-abandonment', why: 'an undo takes off what is an operator\'s, because its close came with the abandonment',
    replace: 'false',
    testName: 'job store > closes a customer of whom two closes come at once for good when one of them abandons it',
  },
  {
    ...attempt, name: 'attempt-after-quiet', why: 'OVOC shows a creation late, and the next attempt makes a twin',
    replace: 'afterMs',
    testName: 'what follows a failed attempt > after a busy peer never begins again before what was begun can be seen',
  },
  {
    ...siteJobs, name: 'taken-name-may-be-own', why: 'a creation that is repeated on its way is answered as taken, shown late, and left behind',
    replace: ';',
    testName: 'the undo of a site that could not be finished > also takes off what OVOC shows late of a creation that was answered as if somebody else had the name',
  },
  {
    name: 'unknown-list', why: 'what OVOC lists under another name is taken for missing, and made a second time',
    replace: '[]', project: 'unit', testFile: 'apps/ovoc-sync/src/ovoc/ovoc-answer.decide.test.ts',
    testName: 'answer of OVOC: lists > a list of something else is no answer',
  },
  {
    name: 'prompt-is-no-reason', why: 'a device whose name holds a word such as "error" refuses every script',
    replace: 'true', project: 'unit', testFile: 'apps/sbc-agent/src/device/device-answer.decide.test.ts',
    testName: 'a recorded answer of a device > a script is good without a status when only the prompts hold words of a failure (script-prompt-with-words.json)',
  },
  {
    name: 'connection-per-script', why: 'a device that has closed an idle connection loses a script, and it is waited for',
    replace: 'kept', project: 'int', testFile: 'apps/sbc-agent/src/device/sbc-device.rest.int.test.ts',
    testName: 'a device that closes its connections without saying so > as the next call arrives: a script has a connection of its own, and is sent once',
  },
  {
    name: 'lost-on-idle-connection', why: 'a device that has closed an idle connection fails what is asked of it next',
    replace: 'false', project: 'int', testFile: 'apps/sbc-agent/src/device/sbc-device.rest.int.test.ts',
    testName: 'a device that closes its connections without saying so > as the next call arrives: a save is sent once more, and counts as one call',
  },
  {
    ...database, name: 'read-only-session-closed', why: 'a service stays read-only after its database takes writes again',
    replace: 'false',
    testName: 'database > that takes no writes > is seen by one look, and by the first look after its end no session is left read-only',
  },
  {
    ...database, name: 'read-only-database', why: 'messages become dead letters while the database is read-only',
    replace: 'false',
    testName: 'database > that takes no writes > is away for who writes, and the session that said so is not kept',
  },
  {
    name: 'session-count', why: 'a service that may have too few sessions starts, and stands still when there is work',
    replace: '0', project: 'int', testFile: 'libs/persistence/src/session-need.int.test.ts',
    testName: 'the sessions that an account may have > are counted with those that a service opens beside its pool',
  },
  {
    name: 'utf-8-only', why: 'text in another encoding is taken with replacement characters in it, and deployed',
    replace: '{ fatal: false }', project: 'unit', testFile: 'libs/contracts/src/wire/codec.test.ts',
    testName: 'decode > refuses a request in ISO-8859-1 as not UTF-8',
  },
  {
    ...ledger, name: 'receipt-source', why: 'the request of a system that chooses an id which another one has used is accepted and never checked',
    replace: 'id',
    testName: 'the ledger of deployments > asked for two things under one id > by two systems that have chosen the same id: checks and carries out both',
  },
  {
    ...ledger, name: 'first-of-transaction', why: 'of two requests under one key that come at once the first is carried out as if it were the second, which vanishes',
    replace: 'place DESC',
    testName: 'the ledger of deployments > asked for two things under one id > in one transaction, in a message of its own: carries the first out, refuses the other, and takes copies of both for what they are',
  },
  {
    name: 'refusal-kept', why: 'a request that is refused and has nobody to tell vanishes',
    replace: 'delivery.ack();', project: 'int', testFile: 'libs/messaging/src/nest/trunkline-strategy.int.test.ts',
    testName: 'a Nest microservice over RabbitMQ > with event handlers > makes a dead letter of a message that its handler refuses, at once and with its reason',
  },
  {
    name: 'earlier-language', why: 'a customer on a device, whose script an earlier version took, can be neither retried nor repaired',
    replace: '[{}]', project: 'unit', testFile: 'apps/sbc-agent/src/site/site-scripts.test.ts',
    testName: 'scripts as an earlier version took them > set of a customer on the device what they did: a question mark',
  },
  {
    name: 'noted-rows-verified', why: 'a customer is told as deployed, or never is, by what is left of a script that an earlier version took',
    replace: 'false', project: 'int', testFile: 'apps/sbc-agent/src/session/own-scripts.int.test.ts',
    testName: 'scripts that an earlier version has taken > are done when all that was noted is there, also what is not understood any more',
  },
  {
    name: 'sweep-unusable-script', why: 'a sweep takes off a customer whose rows it can\'t set again',
    replace: 'undefined', project: 'int', testFile: 'apps/sbc-agent/src/sweep/device-sweep.int.test.ts',
    testName: 'a sweep > mends the others beside a customer with scripts that do not render, or that are refused',
  },
  {
    name: 'sweep-refused-script', why: 'one customer whose script the device refuses keeps all others from being set again',
    replace: 'true', project: 'int', testFile: 'apps/sbc-agent/src/sweep/device-sweep.int.test.ts',
    testName: 'a sweep > mends the others beside a customer with scripts that do not render, or that are refused',
  },
  {
    name: 'script-check-before-send', why: 'a template changed behind the check is sent to a device line by line',
    replace: 'false', project: 'int', testFile: 'apps/sbc-agent/src/session/own-scripts.int.test.ts',
    testName: 'scripts that are not understood > are refused for good, and nothing is sent: a command of the device',
  },
  {
    name: 'secrets-in-refused-request', why: 'a secret of the caller stands in the answer, the log and the task',
    replace: 'problem.message', project: 'unit', testFile: 'apps/provisioner/src/checks/validation.decide.test.ts',
    testName: 'the check of two scripts with the values of a request > shows no secret of a line that is not understood',
  },
  {
    name: 'line-cut-at-word', why: 'a secret that is cut is not found again, and the rest of it is shown',
    replace: 'texts.join(\' \').slice(0, longestLine)', project: 'unit', testFile: 'apps/provisioner/src/checks/validation.decide.test.ts',
    testName: 'the check of two scripts with the values of a request > shows no secret of a line too long to be shown whole',
  },
  {
    name: 'secrets-in-refused-script', why: 'the outcome of a deployment shows a password of its script',
    replace: 'scripts.problems.join(\'; \')', project: 'int', testFile: 'apps/sbc-agent/src/session/own-scripts.int.test.ts',
    testName: 'scripts that are not understood > are refused without showing a password of theirs',
  },
  {
    name: 'reason-length', why: 'a failure of many faults is a message that nobody takes',
    replace: 'whole', project: 'int', testFile: 'apps/sbc-agent/src/session/own-scripts.int.test.ts',
    testName: 'scripts that are not understood > are refused with a reason that fits its message, however much is wrong',
  },
  {
    name: 'noted-rows-are-own', why: 'rows without a mark are taken for somebody else\'s by the attempt that has made them',
    replace: 'undefined', project: 'int', testFile: 'apps/sbc-agent/src/session/own-scripts.int.test.ts',
    testName: 'a value that the device does not keep > ends the deployment at the second attempt, with the line that would state it',
  },
  {
    name: 'empty-script-not-done', why: 'a script that sets nothing is reported as deployed',
    replace: 'true', project: 'unit', testFile: 'apps/sbc-agent/src/site/site.decide.test.ts',
    testName: 'what is done with a site that is wanted > is never nothing when it has no rows',
  },
  {
    name: 'second-difference-final', why: 'a device that is slow to show a value fails a deployment',
    replace: '\'never\'', project: 'unit', testFile: 'apps/sbc-agent/src/site/site.decide.test.ts',
    testName: 'a site read back > is tried again when a value differs for the first time',
  },
  {
    name: 'same-difference-masked', why: 'a value that the device never takes is tried until the time is over, because a secret stands in the name of its parameter',
    replace: 'key', project: 'unit', testFile: 'apps/sbc-agent/src/site/site.decide.test.ts',
    testName: 'a site read back > is given up when the same value differs again, with "type" kept secret',
  },
  {
    ...scripts('script-secrets'), name: 'short-secret', why: 'a secret of one letter hides every name in a message',
    replace: 'secret',
    testName: 'secrets > are masked of three characters in no other word',
  },
  {
    name: 'earlier-notes', why: 'a customer of an earlier version can not be taken off its device',
    replace: 'row.table', project: 'unit', testFile: 'apps/sbc-agent/src/site/site.decide.test.ts',
    testName: 'a note of an earlier version > is read: ip-profile, printed flat',
  },
  {
    name: 'print-anonymised', why: 'the smallest part that is not understood takes names and addresses of customers to strangers',
    replace: 'smallest', project: 'unit', testFile: 'scripts/lib/smallest.test.ts',
    testName: 'the smallest part that is not understood > holds no name, address, number or GUID of the device',
  },
  {
    name: 'independent-row-count', why: 'a device whose rows the product does not see is called understood',
    replace: 'false', project: 'unit', testFile: 'scripts/lib/device-report.test.ts',
    testName: 'a look at a device > names a table of which the reader has other rows than are printed',
  },
  {
    ...examples, name: 'shared-row-child-index', why: 'a customer\'s rule stays in the dial plan of all',
    replace: 'false',
    testName: 'example pairs > the dial plan that all share, on SBC 5 > gets a rule of each customer and loses that one alone, whoever else comes and goes',
  },
  {
    ...examples, name: 'ip-group-type-needs-ip-group', why: 'OVOC gets a link to an IP Group that is not there',
    replace: 'false',
    testName: 'example pairs > what can\'t work > is a pair without an IP Group for IPGROUP_TYPE: 400',
  },
  {
    ...examples, name: 'device-limits', why: 'a name is accepted that this SBC will not take',
    replace: '{}',
    testName: 'example pairs > what can\'t work > is a route whose name is longer than the limit of this SBC: 400',
  },
  {
    ...examples, name: 'device-defaults', why: 'what an operator has stated for an SBC counts for nothing',
    replace: 'undefined',
    testName: 'example pairs > what can\'t work > is a parameter that is neither printed nor stated as a default: final, until it is stated',
  },
  {
    ...examples, name: 'extra-child-rows', why: 'an IP Group of which somebody has doubled the addresses counts as verified',
    replace: '[]',
    testName: 'example pairs > 11-cac-profile on SBC 4 > stands as its script says, is found changed after any change, and leaves no trace',
  },
  {
    ...drain, name: 'asked-again', why: 'whoever asks a process once more to end waits as long as before',
    replace: 'false',
    testName: 'the end of a process > that is asked for again cuts off at once, and comes within 2 s',
  },
  {
    ...drain, name: 'asked-once', why: 'Ctrl-C, which a process gets twice, cuts off the script that runs on an SBC',
    replace: 'false',
    testName: 'the end of a process > that is asked for twice at once, by a terminal and by the program above, is asked for once',
  },
  {
    ...drain, name: 'forced-end', why: 'a process that hangs at its end stays until its supervisor kills it, or for ever',
    replace: '2_147_483_647',
    testName: 'the end of a process > cuts off what runs after the drain, and comes 10 s later in any case',
  },
  {
    name: 'last-answers', why: 'a caller that goes on sending its request keeps a gateway from its end until it is killed, and in the standalone the other services from theirs',
    replace: 'new Promise(() => undefined)', project: 'int', testFile: 'apps/gateway/src/stopping.int.test.ts',
    testName: 'a gateway behind a load balancer that is late to hear of its end > that is cut off waits for no request that goes on arriving',
  },
  {
    name: 'shutdown-delay', why: 'a load balancer that has not heard of the end sends callers to a port that is closed',
    replace: '0', project: 'int', testFile: 'apps/gateway/src/stopping.int.test.ts',
    testName: 'a gateway behind a load balancer that is late to hear of its end > is not ready at once, serves until the delay is over, and then takes no connection',
  },
  {
    ...leaving, name: 'leaves-between-scripts', why: 'an agent that is asked to end runs all scripts of its visit before it does',
    replace: 'false',
    testName: 'an agent that is asked to end, with time to do so > ends, saves, reads back and reports the running script, and returns the other jobs',
  },
  {
    ...leaving, name: 'leaves-without-waiting', why: 'an agent that is asked to end waits, with the SBC, for the script of one that is gone',
    replace: 'this.ending.cutOff',
    testName: 'an agent that is asked to end, with time to do so > stops waiting for the script of an agent that is gone, and the next one need not rest',
  },
  {
    ...leaving, name: 'left-without-rest', why: 'an SBC rests because of an agent that has ended',
    replace: '!session.visit.owesSave',
    testName: 'an agent that is asked to end, with time to do so > stops waiting for the script of an agent that is gone, and the next one need not rest',
  },
  {
    name: 'devices-spread', why: 'an agent that was added finds no SBC: those that were there take each again as soon as they have given it back',
    replace: 'found', project: 'int', testFile: 'apps/sbc-agent/src/session/spreading.int.test.ts',
    testName: 'an agent that joins another which has every device > has its share of them while there is work',
  },
];
