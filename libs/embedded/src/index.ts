export { findDataDir } from './data-dir.js';
export { type DataDirFacts, resolveDataDir } from './data-dir.decide.js';
export { EmbeddedPostgresError } from './embedded-postgres-error.js';
export { type DatabaseRole, ensureRoles, type RolesOptions, scalerRole, serviceRoles, type ServiceUrls } from './roles.js';
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './start-embedded-postgres.js';
