import { forbiddenCharacter } from '@trunkline/contracts';
import type { InventoryProblem } from './problem.js';

/** Limits of a text. */
export interface TextRule {
  readonly maxLength?: number;
  readonly pattern?: RegExp;
  /** How a text that misses the pattern is refused; completes "… must be". */
  readonly expected?: string;
  readonly mayBeEmpty?: boolean;
}

/**
 * One value of the file and where it stands. Each reading method answers undefined when the value is missing or wrong, and notes a
 * problem unless it was only missing and optional; so everything is read to the end and all problems come out together.
 */
export class JsonReader {
  constructor(readonly value: unknown, readonly path: string, private readonly problems: InventoryProblem[]) {}

  fail(message: string): undefined {
    this.problems.push({ path: this.path, message });
    return undefined;
  }

  get isAbsent(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** A property of an object; absent on anything else. */
  at(name: string): JsonReader {
    const { value } = this;
    const path = `${this.path}.${name}`;
    const found: unknown = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    return new JsonReader(found, path, this.problems);
  }

  /** The names of an object's properties; none, and a problem, when it is no object. */
  keys(): string[] | undefined {
    if (isObject(this.value)) return Object.keys(this.value);
    return this.fail('must be an object');
  }

  /** The elements of a list; an absent optional one is empty. */
  list(isRequired: boolean): JsonReader[] {
    if (this.isAbsent && !isRequired) return [];
    if (!Array.isArray(this.value)) {
      this.fail(this.isAbsent ? 'is missing' : 'must be a list');
      return [];
    }
    return this.value.map((element: unknown, index) => new JsonReader(element, `${this.path}[${index}]`, this.problems));
  }

  text(rule: TextRule = {}): string | undefined {
    if (this.isAbsent) return this.fail('is missing');
    return this.optionalText(rule);
  }

  optionalText(rule: TextRule = {}): string | undefined {
    const { value } = this;
    if (this.isAbsent) return undefined;
    if (typeof value !== 'string') return this.fail('must be a text');
    if (value === '' && !rule.mayBeEmpty) return this.fail('must not be empty');
    const character = forbiddenCharacter(value);
    if (character !== undefined) return this.fail(`holds the character ${character}`);
    if (value.length > (rule.maxLength ?? 255)) return this.fail(`is longer than ${rule.maxLength ?? 255} characters`);
    if (rule.pattern && !rule.pattern.test(value)) return this.fail(`must be ${rule.expected ?? `of the form ${rule.pattern.source}`}`);
    return value;
  }

  texts(): string[] {
    return this.list(false).flatMap((element) => element.text() ?? []);
  }

  integer(least: number, most = Number.MAX_SAFE_INTEGER): number | undefined {
    if (this.isAbsent) return this.fail('is missing');
    const { value } = this;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
    return this.fail(most === Number.MAX_SAFE_INTEGER ? `must be a whole number from ${least}` : `must be a whole number from ${least} to ${most}`);
  }

  flag(): boolean {
    if (this.isAbsent) return false;
    if (typeof this.value !== 'boolean') this.fail('must be true or false');
    return this.value === true;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
