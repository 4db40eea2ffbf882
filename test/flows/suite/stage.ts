import { ApplicationUnderTest, type Mode, type Settings, Simulators } from '@trunkline/testing';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';

/** What the tests of one mode share: one product, one set of peers. Tests use names of their own and leave the peers calm. */
export class Stage {
  private started: { readonly simulators: Simulators; readonly app: ApplicationUnderTest } | undefined;

  constructor(readonly mode: Mode) {}

  get simulators(): Simulators {
    return this.parts.simulators;
  }

  get app(): ApplicationUnderTest {
    return this.parts.app;
  }

  async start(settings: Settings): Promise<void> {
    const simulators = await Simulators.start();
    try {
      this.started = { simulators, app: await ApplicationUnderTest.start({ mode: this.mode, simulators, settings }) };
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

/** Sets the stage for the tests of the enclosing block, and takes it down after them: no process is left. */
export function setStage(mode: Mode, settings: Settings = {}): Stage {
  const stage = new Stage(mode);
  beforeAll(() => stage.start(settings));
  afterAll(() => stage.stop());
  beforeEach(({ onTestFailed, task }) => {
    onTestFailed(() => { process.stderr.write(`\nLast lines of the services after "${task.name}":\n${stage.app.lastLines(shownLines)}\n`); });
  });
  // The next test finds peers that nothing disturbs, whatever became of this one.
  afterEach(() => stage.simulators.calm());
  return stage;
}
