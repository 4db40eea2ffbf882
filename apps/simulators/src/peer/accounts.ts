export interface Account {
  readonly user: string;
  readonly password: string;
}

/** User and password of a Basic header; undefined when there is none or it can't be read. */
export function readBasic(header: string | undefined): Account | undefined {
  const encoded = /^basic\s+([A-Za-z0-9+/=]+)\s*$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** The account the header proves; undefined for a wrong one. */
export function authenticate<A extends Account>(header: string | undefined, accounts: readonly A[]): A | undefined {
  const given = readBasic(header);
  return accounts.find((account) => account.user === given?.user && account.password === given.password);
}
