interface BuiltinParameter {
  readonly name: string;
  /** Other spellings in use, lower case. */
  readonly aliases?: readonly string[];
  readonly maxLength?: number;
  /** May be read by anybody who can read the request's messages. */
  readonly isHarmless: boolean;
}

const builtins = [
  { name: 'CacProfile', aliases: ['cac profile'], isHarmless: true },
  { name: 'ProxySet', isHarmless: true },
  { name: 'OnlinePstnGateway', isHarmless: true },
  { name: 'CarrierUserName', maxLength: 60, isHarmless: true },
  { name: 'CarrierUserPassword', isHarmless: false },
  { name: 'CarrierMailLine', aliases: ['cariermailline', 'carriermainline', 'cariermainline'], isHarmless: true },
  { name: 'CarrierHostName', isHarmless: true },
] as const satisfies readonly BuiltinParameter[];

const bySpelling: ReadonlyMap<string, BuiltinParameter> = new Map(
  (builtins as readonly BuiltinParameter[]).flatMap((builtin) => [builtin.name.toLowerCase(), ...builtin.aliases ?? []].map((spelling) => [spelling, builtin])),
);

/** Script parameters that every request may send. */
export const builtinParameterNames: readonly string[] = builtins.map((builtin) => builtin.name);

export function builtinParameter(name: string): BuiltinParameter | undefined {
  return bySpelling.get(name.toLowerCase());
}

/** Whether the value of a script parameter needs no encryption on its way. Everything an operator declares does, until the catalogue says otherwise. */
export function isHarmlessParameter(name: string): boolean {
  return builtinParameter(name)?.isHarmless ?? false;
}

/** The number in `CustomVar.Variable<N>`, in whatever case; undefined for other names. Digits as given, without leading zeros. */
export function variableNumber(name: string): string | undefined {
  return /^customvar\.variable0*(\d+)$/i.exec(name)?.[1];
}

/** The contract's spelling of a parameter's name; undefined when the name is an operator's own or nobody's. */
export function canonicalParameter(name: string): string | undefined {
  const number = variableNumber(name);
  return number === undefined ? builtinParameter(name)?.name : `CustomVar.Variable${number}`;
}
