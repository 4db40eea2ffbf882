import { BadRequest } from './control-server.js';

/** Reads the members of a request's body. Every method throws BadRequest with the name of the wrong member. */
export class Fields {
  private readonly values: Readonly<Record<string, unknown>>;

  constructor(body: unknown, allowed: readonly string[]) {
    const values = body ?? {};
    if (typeof values !== 'object' || Array.isArray(values)) throw new BadRequest('the body must be an object');
    const unknown = Object.keys(values).filter((name) => !allowed.includes(name));
    if (unknown.length > 0) throw new BadRequest(`unknown member ${unknown.join(', ')}; there are ${allowed.join(', ')}`);
    this.values = values as Record<string, unknown>;
  }

  text(name: string): string | undefined {
    const value = this.values[name];
    if (value !== undefined && typeof value !== 'string') throw new BadRequest(`${name} must be a text`);
    return value;
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (!value) throw new BadRequest(`${name} is missing`);
    return value;
  }

  /** A number from 0 on. */
  number(name: string): number | undefined {
    const value = this.values[name];
    if (value !== undefined && !(typeof value === 'number' && value >= 0)) throw new BadRequest(`${name} must be a number from 0`);
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.values[name];
    if (value !== undefined && typeof value !== 'boolean') throw new BadRequest(`${name} must be true or false`);
    return value;
  }

  oneOf<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.text(name);
    const found = choices.find((choice) => choice === value);
    if (value !== undefined && found === undefined) throw new BadRequest(`${name} must be one of ${choices.join(', ')}`);
    return found;
  }

  list(name: string): readonly string[] | undefined {
    const value = this.values[name];
    if (value !== undefined && !(Array.isArray(value) && value.every((text) => typeof text === 'string'))) throw new BadRequest(`${name} must be a list of texts`);
    return value;
  }

  texts(name: string): Readonly<Record<string, string>> {
    const value = this.values[name];
    if (isObject(value) && Object.values(value).every((text) => typeof text === 'string')) return value as Record<string, string>;
    throw new BadRequest(`${name} must be an object of texts`);
  }

  /** None when it is left out. */
  textsOrNull(name: string): Readonly<Record<string, string | null>> {
    const value = this.members(name);
    if (Object.values(value).every((text) => typeof text === 'string' || text === null)) return value as Record<string, string | null>;
    throw new BadRequest(`${name} must be an object of texts and nulls`);
  }

  /** The members of an object; none when it is left out. */
  members(name: string): Readonly<Record<string, unknown>> {
    const value = this.values[name] ?? {};
    if (isObject(value)) return value;
    throw new BadRequest(`${name} must be an object`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A number in a query or path. */
export function numberOf(text: string | null | undefined, name: string): number | undefined {
  if (text === null || text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new BadRequest(`${name} must be a number`);
  return Number(text);
}
