// What the build has made of our libraries, with the types of their sources. By a computed name: the compiler would read, and check, what it has written.
import { pathToFileURL } from 'node:url';
import { join, resolve } from 'node:path';

const dist = resolve(import.meta.dirname, '../../dist');

/** @returns {Promise<any>} */
const load = (path) => import(pathToFileURL(join(dist, path)).href);

/** @returns {Promise<typeof import('../../libs/contracts/src/index.js')>} */
export const builtContracts = () => load('libs/contracts/src/index.js');
/** @returns {Promise<typeof import('../../libs/embedded/src/index.js')>} */
export const builtEmbedded = () => load('libs/embedded/src/index.js');
/** @returns {Promise<typeof import('../../libs/inventory/src/index.js')>} */
export const builtInventory = () => load('libs/inventory/src/index.js');
/** @returns {Promise<typeof import('../../libs/scripts/src/index.js')>} */
export const builtScripts = () => load('libs/scripts/src/index.js');
/** @returns {Promise<typeof import('../../apps/standalone/src/secrets-key.js')>} */
export const builtSecretsKey = () => load('apps/standalone/src/secrets-key.js');
/** @returns {Promise<typeof import('../../libs/contracts/src/process/services.js')>} */
export const builtServices = () => load('libs/contracts/src/process/services.js');
