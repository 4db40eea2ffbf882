export { isSecretsKey, Secrets, SecretsError } from './secrets.js';
