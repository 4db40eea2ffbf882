// Makes the database, roles and schemas of the services on a PostgreSQL that runs already, for installations that keep the accounts in
// their own hands. Safe to repeat. DATABASE_URL: an account that may make roles and databases; <ROLE>_DB_PASSWORD: what a role gets;
// that of the autoscaler's, TRUNKLINE_SCALER_DB_PASSWORD, may be left out.
// Every setting may also be a file: <NAME>_FILE. Needs the build.
import { readFileSync } from 'node:fs';

try {
  /** @type {typeof import('../libs/contracts/src/process/services.js')} */
  const { services } = await import(new URL('../dist/libs/contracts/src/process/services.js', import.meta.url).href);
  const needed = Object.fromEntries(services.map(({ schema }) => [schema, `${schema.toUpperCase()}_DB_PASSWORD`]));
  // Without one that role gets a password that nobody is told.
  const names = { ...needed, trunkline_scaler: 'TRUNKLINE_SCALER_DB_PASSWORD' };
  const settings = readSettings(['DATABASE_URL', ...Object.values(names)], ['DATABASE_URL', ...Object.values(needed)]);
  /** @type {typeof import('../libs/embedded/src/index.js')} */
  const { ensureRoles } = await import(new URL('../dist/libs/embedded/src/index.js', import.meta.url).href);
  const passwords = Object.fromEntries(Object.entries(names).map(([role, name]) => [role, settings[name]]));
  const urls = await ensureRoles(settings.DATABASE_URL, { database: process.env.DATABASE_NAME || 'trunkline', passwords });
  process.stdout.write(`Roles and schemas are ready: ${Object.keys(urls).join(', ')}\n`);
} catch (error) {
  process.stderr.write(`${error.message || error.code}\n`);
  process.exit(error.exitCode ?? 1);
}

function readSettings(wanted, required) {
  const settings = Object.fromEntries(wanted.map((name) => {
    const file = process.env[`${name}_FILE`];
    return [name, process.env[name] || (file && readFileSync(file, 'utf8').trim())];
  }));
  const missing = required.filter((name) => !settings[name]);
  if (missing.length > 0) throw Object.assign(new Error(missing.map((name) => `${name} is missing`).join('\n')), { exitCode: 78 });
  return settings;
}
