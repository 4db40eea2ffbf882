import { onboarding } from './onboarding.process.js';
import { type DeploymentEventType, steps, undoOrder } from './steps.js';

interface Place {
  /** Fixed rank within a round: request, customer, each step, each undo, end. */
  readonly phase: number;
  /** One of these stands before it in the same round; empty for what opens a round. */
  readonly after: readonly DeploymentEventType[];
}

const { abandons, begins, ends, opens, rejects } = onboarding;
const typesOf = (classes: readonly { readonly type: DeploymentEventType }[]): DeploymentEventType[] => classes.map(({ type }) => type);
const at = (phase: number, classes: readonly { readonly type: DeploymentEventType }[], after: DeploymentEventType[] = []) => (
  typesOf(classes).map((type): [DeploymentEventType, Place] => [type, { phase, after }]));
const firstStep = 2;
const firstUndo = firstStep + steps.length;

/** Where the events of one round stand, in whatever order they arrive. */
export const eventOrder = Object.fromEntries([
  ...at(0, [...opens, abandons]),
  ...at(1, [rejects, begins], typesOf(opens)),
  ...steps.flatMap(({ done, failed, start }, index) => at(firstStep + index, [done, failed], [start.type])),
  ...undoOrder.flatMap(({ undo, undoFailed, undone }, index) => [
    ...at(firstUndo + index, [undo], typesOf(undoOrder.slice(0, index).slice(-1).map((before) => before.undone))),
    ...at(firstUndo + index, [undone, undoFailed], [undo.type]),
  ]),
  ...at(firstUndo + steps.length, [ends], typesOf([
    ...steps.slice(-1).map(({ done }) => done), ...steps.flatMap(({ failed, undoFailed }) => [failed, undoFailed]),
    ...undoOrder.slice(-1).map(({ undone }) => undone), ...opens, abandons,
  ])),
]) as Readonly<Record<DeploymentEventType, Place>>; // every class of the declaration has its row above
