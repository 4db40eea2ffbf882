export { DeadLetterTables1764000005000 } from './dead-letter-tables.migration.js';
export { DeadLetters, type DeadLettersParts } from './dead-letters.js';
export { DeadLettersController } from './dead-letters.controller.js';
export { deadLetterHousekeeping, DeadLetterStore } from './dead-letter-store.js';
