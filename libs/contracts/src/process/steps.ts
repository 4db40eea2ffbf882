import type { MessageOf } from '../message/message.js';
import { onboarding } from './onboarding.process.js';
import type { ServiceName } from './services.js';

const { abandons, begins, ends, opens, rejects, steps: declared } = onboarding;

type DeclaredStep = (typeof declared)[number];
type StepReportClass = DeclaredStep['done' | 'failed' | 'undone' | 'undoFailed'];

/** A step of the process, and the event it begins on. */
export type ProcessStep = DeclaredStep & { readonly start: typeof begins | DeclaredStep['done'] };

export const steps: readonly ProcessStep[] = declared.map((step, index) => ({ ...step, start: declared[index - 1]?.done ?? begins }));

/** The steps as they are undone. */
export const undoOrder = [...steps].reverse() as unknown as readonly [ProcessStep, ...ProcessStep[]]; // a process has steps

const reportsOf = ({ done, failed, undoFailed, undone }: Pick<DeclaredStep, 'done' | 'failed' | 'undone' | 'undoFailed'>): readonly StepReportClass[] => (
  [done, failed, undone, undoFailed]);

/** All that a deployment's log can hold. */
export const deploymentEventClasses = [
  ...opens, rejects, begins, ...declared.flatMap(({ undo, ...step }): readonly (StepReportClass | DeclaredStep['undo'])[] => [...reportsOf(step), undo]),
  abandons, ends,
] as const;
export type DeploymentEventMessage = MessageOf<(typeof deploymentEventClasses)[number]>;
export type DeploymentEventType = DeploymentEventMessage['type'];

/** What steps are asked for, and what is asked again when no report comes. */
export type StepRequest = MessageOf<ProcessStep['start' | 'undo']>;
export const stepRequestTypes: readonly StepRequest['type'][] = steps.flatMap(({ start, undo }) => [start.type, undo.type]);

/** What steps report. */
export const stepReportTypes: readonly MessageOf<StepReportClass>['type'][] = steps.flatMap(reportsOf).map(({ type }) => type);

export const stepsOf = (service: ServiceName): readonly ProcessStep[] => steps.filter((step) => step.service === service);

/** The step of a service that has one. */
export function stepOf<Name extends DeclaredStep['service']>(service: Name): ProcessStep & { readonly service: Name } {
  const step = steps.find((each): each is ProcessStep & { readonly service: Name } => each.service === service);
  if (!step) throw new Error(`${service} has no step`);
  return step;
}
