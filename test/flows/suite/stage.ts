import { ApplicationUnderTest, type InventoryChange, type Mode, type Settings, Simulators } from '@trunkline/testing';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';

/** What the tests of one mode share: one product, one set of peers. Tests use names of their own and leave the peers calm. */
export class Stage {
  private started: { readonly simulators: Simulators; readonly app: ApplicationUnderTest } | undefined;

  constructor(readonly mode: Mode, private readonly inventory: InventoryChange | undefined) {}

  get simulators(): Simulators {
    return this.parts.simulators;
  }

  get app(): ApplicationUnderTest {
    return this.parts.app;
  }

  async start(settings: Settings): Promise<void> {
    const simulators = await Simulators.start();
    try {
      const app = await ApplicationUnderTest.start({ mode: this.mode, simulators, settings, ...this.inventory && { inventory: this.inventory } });
      this.started = { simulators, app };
    } catch (error) {
      await simulators.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    if (!this.started) return;
    const { app, simulators } = this.started;
    await simulators.calm();
    const killed = await app.stop();
    await simulators.stop();
    if (killed.length > 0) throw new Error(`did not end by themselves: ${killed.join(', ')}`);
  }

  private get parts(): { readonly simulators: Simulators; readonly app: ApplicationUnderTest } {
    if (!this.started) throw new Error('the stage is set before the tests, not while they are collected');
    return this.started;
  }
}

const shownLines = 40;
/** What waiting for a service leaves in its log, many times a second. */
const probeLine = /"level":"debug".*"route":"\/health\//;
const programOf = (line: string): string | undefined => /^ {2}\[([^\]]+)\]/.exec(line)?.[1];

/** The last lines of each program, over all its processes, without the probes. */
function lastLines(app: ApplicationUnderTest): string {
  const lines = app.lastLines(Infinity).split('\n').filter((line) => !probeLine.test(line));
  const programs = new Set(lines.map(programOf));
  return [...programs].flatMap((program) => lines.filter((line) => programOf(line) === program).slice(-shownLines)).join('\n');
}

/** Sets the stage for the tests of the enclosing block, and takes it down after them: no process is left. */
export function setStage(mode: Mode, settings: Settings = {}, inventory?: InventoryChange): Stage {
  const stage = new Stage(mode, inventory);
  beforeAll(() => stage.start(settings));
  afterAll(() => stage.stop());
  beforeEach(({ onTestFailed, task }) => {
    onTestFailed(() => { process.stderr.write(`\nLast lines of the services after "${task.name}":\n${lastLines(stage.app)}\n`); });
  });
  // The next test finds peers that nothing disturbs, whatever became of this one.
  afterEach(() => stage.simulators.calm());
  return stage;
}
