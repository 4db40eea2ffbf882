export { eventually } from './eventually.js';
export { type FreshDatabase, freshDatabase, testSetting, withClient } from './fresh-database.js';
