// A pair of scripts, held against what a device prints: what the check says, and what the print will leave open.
import { printedRows } from './device-report.mjs';

const sampleGuids = { CustomerGuid: '5d0a9d2e-6a3c-4c0e-8a55-0d8c0a8b7a10', SiteGuid: '0d6b2f11-54c8-4f0a-9c3e-7a1b5e2d9f04', MsTenantId: '0b7d1c52-6a0f-4a83-9b51-6f0a2f0d9e11' };
const customersOwn = ['CustomerShortName', 'CustomerFullName', 'SiteName', 'IpGroupName'];

/**
 * `given`: values by placeholder; undefined for made-up ones, with all optional blocks in. `facts`: the defaults and limits that the inventory states of the
 * device.
 */
export function checkPair({ cleanup, onboarding }, { facts = { defaults: {}, limits: {} }, values: given }, configuration, product) {
  const variables = variablesOf([onboarding, cleanup], product);
  const values = withSamples(given, [onboarding, cleanup], product);
  const [on, off] = [{ kind: 'onboarding', text: onboarding }, { kind: 'cleanup', text: cleanup }]
    .map(({ kind, text }) => checkOne(kind, text, variables, { facts, values }, product));
  const unpaired = on.rendered && off.rendered
    ? product.pairProblems({ rows: on.rendered.rows, removes: off.rendered.removes, template: on.template, values: on.values })
    : [];
  const problems = [
    ...[{ script: 'onboarding', problems: on.problems }, { script: 'cleanup', problems: off.problems }].flatMap(({ script, problems: found }) => found.map(({ line, message }) => ({ script, line, message }))),
    ...unpaired.map((message) => ({ script: 'cleanup', message })),
  ];
  const isGiven = given !== undefined;
  const set = on.script ? valuesSet(on.script.rows, product) : [];
  return {
    problems, variables, isSampled: !isGiven,
    absentParents: on.script ? absentParents(on.script, configuration, product) : [],
    defaults: set.flatMap((value) => defaultToState(value, configuration, { facts, isGiven }, product)),
    limits: set.flatMap((value) => limitsReached(value, { facts, isGiven }, product)),
  };
}

/** Whether the pair needs a change, or something to be said in it, before it is used with this device. */
export function hasPairFaults({ absentParents: absent, defaults, problems }) {
  return problems.length > 0 || absent.length > 0 || defaults.some(({ isToState }) => isToState);
}

/** Placeholders that are not built in: the inventory has to declare them. */
function variablesOf(texts, { knownPlaceholders, parseTemplate, placeholders }) {
  const known = knownPlaceholders([]);
  const names = texts.flatMap((text) => {
    const parsed = parseTemplate(text);
    return parsed.ok ? placeholders(parsed.template).map(({ name }) => name) : [];
  });
  return [...new Set(names)].filter((name) => !known.has(name) && !name.startsWith('CustomVar.'));
}

function withSamples(given, texts, { ownerMark, parseTemplate, placeholders }) {
  const facts = { ...sampleGuids, ...given };
  const base = { OwnerMark: ownerMark(facts.CustomerGuid), ...Object.fromEntries(customersOwn.map((name) => [name, 'Sample'])), ...facts };
  if (given !== undefined) return base;
  const names = texts.flatMap((text) => {
    const parsed = parseTemplate(text);
    return parsed.ok ? placeholders(parsed.template).map(({ name }) => name) : [];
  });
  return { ...Object.fromEntries(names.map((name) => [name, '1'])), ...base };
}

function checkOne(kind, text, variables, { facts, values }, product) {
  const problems = product.checkTemplate(kind, text, variables, facts.limits);
  const parsed = product.parseTemplate(text);
  if (!parsed.ok) return { problems };
  try {
    const numbered = product.withVariableNumbers(values, variables);
    const commands = product.renderCommands(parsed.template, numbered);
    const rendered = product.checkRendered(kind, commands, values.CustomerGuid, facts.limits);
    const isNew = ({ line }) => !problems.some((problem) => problem.line === line);
    const all = [...problems, ...rendered.problems.filter(isNew)].sort((one, other) => one.line - other.line);
    return { rendered, template: parsed.template, values: numbered, script: product.readScript(commands), problems: all };
  } catch (error) {
    if (!(error instanceof product.RenderError)) throw error;
    return { problems: [...problems, { message: error.message }] };
  }
}

/** Every parameter that the rows of a script, and the rows inside them, are given. */
function valuesSet(rows, product) {
  return rows.flatMap((row) => [
    ...[...row.parameters].filter(([parameter]) => parameter !== row.statedName && !product.nameParameters(row.table).includes(parameter))
      .map(([parameter, { line, uses, value }]) => (
        { table: row.table, parameter, value, uses, line, rowLine: row.line, stated: row.statedDefaults.get(parameter) })),
    ...valuesSet(row.children, product),
  ]);
}

/**
 * A value that a print may leave out, so that nobody could tell whether it is in effect: no row on the device shows it, some show nothing, and no default is
 * stated. Where the device has no row of the table yet, that can't be told.
 */
function defaultToState({ line, parameter, rowLine, stated, table, uses, value }, configuration, { facts, isGiven }, product) {
  const isStated = [facts.defaults[table] ?? {}, product.deviceTable(table).defaults ?? {}].some((defaults) => Object.hasOwn(defaults, parameter));
  if (stated !== undefined || isStated || product.isOwn(uses)) return [];
  // What a request chooses among the rows of a device is no default of it.
  if (uses.length > 0 && product.referenceOf(table, parameter) !== undefined) return [];
  const rows = printedRows(configuration, table);
  const printed = rows.map((row) => row.parameters.get(parameter));
  const leftOut = printed.filter((found) => found === undefined).length;
  if (printed.includes(value) || (rows.length > 0 && leftOut === 0)) return [];
  const isConstant = uses.length === 0 || isGiven;
  return [{
    table, parameter, line, rowLine, rows: rows.length, leftOut, isToState: rows.length > 0,
    ...isConstant ? { value, add: `# trunkline: default ${parameter}=${value}` } : { from: uses },
  }];
}

/** What a value needs of what the device takes, from nine tenths on. */
function limitsReached({ line, parameter, table, uses, value }, { facts, isGiven }, product) {
  const limit = facts.limits[table]?.[parameter] ?? product.deviceTable(table).limits?.[parameter];
  if (!limit || (uses.length > 0 && !isGiven)) return [];
  const parts = product.tagsOf(value).length;
  return [['characters', [...value].length], ['parts', parts]].flatMap(([what, count]) => (limit[what] !== undefined && count >= limit[what] * 0.9
    ? [{ table, parameter, line, what, count, limit: limit[what] }]
    : []));
}

/** Rows that are there for all customers, as the script says, and are not. */
function absentParents({ rows }, configuration, product) {
  return rows.flatMap((row) => (row.selector.kind === 'name' && row.children.length > 0 && !product.isOwn(row.opening.at(-1)?.uses ?? [])
    && configuration.find({ table: row.table, name: row.selector.name }).length === 0
    ? [{ table: row.table, name: row.selector.name, line: row.line }]
    : []));
}
