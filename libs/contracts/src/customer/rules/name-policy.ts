/** What an operator may decide about short names. */
export interface NamePolicy {
  /** Short names nobody may use, whatever their case. */
  readonly reservedShortNames: readonly string[];
  /** Refuses the characters that shells and templates treat specially, too. */
  readonly isStrict: boolean;
}

export const defaultNamePolicy: NamePolicy = { reservedShortNames: ['audit'], isStrict: false };

// The rules are fixed to the class, the policy is not: it goes with the object that is checked.
const policies = new WeakMap<object, NamePolicy>();

/** Has the rules of this object follow a policy other than the default. */
export function checkBy(policy: NamePolicy, request: object): void {
  policies.set(request, policy);
}

export function policyOf(request: object): NamePolicy {
  return policies.get(request) ?? defaultNamePolicy;
}
