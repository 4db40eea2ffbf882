/** Named statements that read a whole table or index, and why they may. */
export const allowed: ReadonlyMap<string, string> = new Map([
  ['job-claim', 'reads the open jobs in their order, and among them those that were closed while somebody had them'],
  ['lease-waiting', 'asks for all SBCs with work, at most twice a second'],
  ['scaling', 'counts all busy SBCs, when somebody asks'],
  ['lease-silent', 'asks for all SBCs whose breaker is open, once a second'],
  ['lane-claim-ending-silent', 'asks for all SBCs whose breaker is open, once a second'],
  ['outbox-old', 'reads what has not left the outbox yet'],
  ...['catalogue-revision', 'deployment-log'].map((name) => [name, 'asks for the revision of the catalogue: one row'] as const),
  ['customer-close', 'reads the names of all customers that are not closed, until there are statistics'],
  ...['count', 'find', 'found', 'keys-newest', 'keys-oldest'].map((what) => [`dead-letter-${what}`, 'an operator looks through all of them'] as const),
]);
