import { readFileSync } from 'node:fs';

import { cleanEnv, makeExactValidator, type Spec, type ValidatorSpec } from 'envalid';

/** `sysexits.h`: something in the configuration is wrong. */
export const exitConfiguration = 78;

export type Environment = Readonly<Record<string, string | undefined>>;
type Settings = Record<string, ValidatorSpec<unknown>>;
export type ValuesOf<S> = { readonly [K in keyof S]: S[K] extends ValidatorSpec<infer T> ? T : never };

/** All that is wrong with the configuration, one line a problem. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/**
 * Reads and checks all settings at once. A secret named in `secrets` may also come from the file that `<NAME>_FILE` names. `alsoCheck` finds what is wrong
 * between settings; it gets those that are right by themselves.
 * @throws ConfigurationError
 */
export function readConfiguration<S extends Settings>(
  settings: S, environment: Environment, secrets: readonly string[] = [], alsoCheck: (values: Partial<ValuesOf<S>>) => readonly string[] = () => [],
): ValuesOf<S> {
  const problems: string[] = [];
  const values: Record<string, string | undefined> = {};
  for (const name of Object.keys(settings)) {
    // An empty variable means "not set": compose files and CI systems write them.
    values[name] = environment[name] === '' ? undefined : environment[name];
    const file = secrets.includes(name) ? environment[`${name}_FILE`] : undefined;
    if (!file) continue;
    if (values[name] !== undefined) problems.push(`${name} and ${name}_FILE are both set: give one of them`);
    try {
      values[name] = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      problems.push(`${name}_FILE: cannot read ${file}: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
    }
  }
  const clean = cleanEnv<Record<string, unknown>>(values, settings, {
    reporter: ({ errors }) => {
      for (const [name, error] of Object.entries(errors)) {
        const isMissing = values[name] === undefined;
        problems.push(isMissing ? `${name} is missing: ${settings[name]?.desc ?? ''}` : `${name}: ${error?.message ?? 'invalid'}`);
      }
    },
  });
  // envalid has checked each value against its own spec, and leaves out those that are wrong
  const checked: unknown = Object.fromEntries(Object.keys(settings).filter((name) => name in clean).map((name) => [name, clean[name]]));
  problems.push(...alsoCheck(checked as Partial<ValuesOf<S>>));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return checked as ValuesOf<S>;
}

/** A whole number within bounds. */
export function integer(bounds: { readonly min: number; readonly max: number }, spec: Spec<number>): ValidatorSpec<number> {
  return makeExactValidator((text: string): number => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < bounds.min || value > bounds.max) throw new Error(`must be a whole number from ${bounds.min} to ${bounds.max}`);
    return value;
  })(spec);
}

/** An http or https address without a trailing slash. */
export function httpUrl(spec: Spec<string>): ValidatorSpec<string> {
  return makeExactValidator((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (!url || !/^https?:$/.test(url.protocol)) throw new Error('must be an address such as https://host.example.net');
    if (url.username || url.password) throw new Error('must not carry an account');
    return text.replace(/\/+$/, '');
  })(spec);
}

/** A key of 32 bytes in base64. Its text is never shown. */
export function secretsKey(spec: Spec<string>): ValidatorSpec<string> {
  return makeExactValidator((text) => {
    if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) throw new Error('must be 32 bytes in base64');
    return text;
  })(spec);
}

/** A URL of one of the given schemes. Its text is never shown: it may carry a password. */
export function urlOf(schemes: readonly string[], spec: Spec<string>): ValidatorSpec<string> {
  return makeExactValidator((text) => {
    if (!URL.canParse(text) || !schemes.includes(new URL(text).protocol.replace(':', ''))) throw new Error(`must be a URL that begins with ${schemes.map((s) => `${s}://`).join(' or ')}`);
    return text;
  })(spec);
}

export interface SettingDescription {
  readonly name: string;
  readonly description: string;
  readonly default: string | undefined;
  readonly isSecret: boolean;
}

/** What a table of settings shows. */
export function describeSettings(settings: Settings, secrets: readonly string[]): SettingDescription[] {
  return Object.entries(settings).map(([name, spec]) => ({
    name,
    description: spec.desc ?? '',
    default: spec.default === undefined || spec.default === '' ? undefined : String(spec.default as string | number | boolean),
    isSecret: secrets.includes(name),
  }));
}
