// What a run of a named test says about a safeguard. Pure: text and reports in, verdicts out.

/** Full name of a test, from "describe > describe > test". */
export const fullNameOf = (testName) => testName.split(' > ').join(' ');

/** Pattern for vitest's `-t` that only these tests match. */
export function patternOf(testNames) {
  const names = [...new Set(testNames.map(fullNameOf))].map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return `^(?:${names.join('|')})$`;
}

/**
 * What vitest's JSON report says of one test: `passed`, `failed`, or `none` with the reason why it says nothing: the file did not load, no such
 * test, a hook failed, or others failed too. Only `failed` is red.
 */
export function outcomeOf(report, { testFile, testName }) {
  const file = report.testResults?.find(({ name }) => name.endsWith(`/${testFile}`));
  if (!file) return { kind: 'none', reason: `${testFile} was not run` };
  const fullName = fullNameOf(testName);
  const named = file.assertionResults.filter((test) => test.fullName === fullName);
  if (named.length === 0) return { kind: 'none', reason: file.message ? `${testFile} did not load: ${firstLine(file.message)}` : `no test "${testName}" in ${testFile}` };
  if (named.length > 1) return { kind: 'none', reason: `${named.length} tests are named "${testName}"` };
  const [test] = named;
  if (test.status === 'passed') return { kind: 'passed' };
  if (test.status !== 'failed') return { kind: 'none', reason: `the test was not run (${test.status})${file.message ? `: ${firstLine(file.message)}` : ''}` };
  const other = file.assertionResults.find((each) => each.status === 'failed' && each !== test);
  if (other) return { kind: 'none', reason: `"${other.fullName}" failed too` };
  return { kind: 'failed', message: firstLine(test.failureMessages?.[0] ?? '') };
}

const firstLine = (text) => text.split('\n', 1)[0] ?? '';

/** The table as markdown; `results` in the order of the list. */
export function tableOf(results) {
  const cell = (text) => text.replaceAll('|', '\\|');
  const rows = results.map(({ outcome, safeguard }) => [
    cell(safeguard.name), outcome.kind === 'failed' ? cell(`${safeguard.testFile}: ${safeguard.testName}`) : `NONE: ${cell(reasonOf(outcome))}`, cell(safeguard.why),
  ]);
  return ['| safeguard | test that misses it | without it |', '| --- | --- | --- |', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
}

export const reasonOf = (outcome) => (outcome.kind === 'passed' ? 'the test stays green' : outcome.reason ?? 'the test fails');

/** The last line. */
export function countOf(results) {
  const missed = results.filter(({ outcome }) => outcome.kind === 'failed').length;
  return { isGood: missed === results.length && results.length > 0, text: `${missed} of ${results.length} safeguards are missed by a test` };
}
