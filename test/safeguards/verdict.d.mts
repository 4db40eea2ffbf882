export interface Safeguard {
  /** That of its marker. */
  readonly name: string;
  /** What goes wrong without it, one line. */
  readonly why: string;
  /** What stands in the place of the marked piece. */
  readonly replace: string | ((piece: string) => string);
  readonly project: 'unit' | 'int' | 'flows';
  readonly testFile: string;
  /** Path of the test: "describe > describe > test". */
  readonly testName: string;
}

export type TestOutcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'none'; readonly reason: string };

export interface Result { readonly safeguard: Pick<Safeguard, 'name' | 'why' | 'testFile' | 'testName'>; readonly outcome: TestOutcome }

/** As far as it is read here. */
export interface VitestReport {
  readonly testResults?: readonly {
    readonly name: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string; readonly failureMessages?: readonly string[] | null }[];
  }[];
}

export function fullNameOf(testName: string): string;
export function patternOf(testNames: readonly string[]): string;
export function outcomeOf(report: VitestReport, test: Pick<Safeguard, 'testFile' | 'testName'>): TestOutcome;
export function tableOf(results: readonly Result[]): string;
export function reasonOf(outcome: TestOutcome): string;
export function countOf(results: readonly Result[]): { readonly isGood: boolean; readonly text: string };
