import type { CleanupData, FailureData, TicketData } from '../message/event-data.js';
import type { DeploymentEvent } from '../message/message.js';
import type { ProgressEntry } from '../message/progress-entry.js';
import type { ServiceName } from './services.js';

interface EventClass<Event extends DeploymentEvent = DeploymentEvent> {
  new (): Event;
  readonly type: Event['type'];
  readonly step: string;
}

type EventWith<Data> = DeploymentEvent & { readonly data: Data };

/** What the caller reads of a failure, as one of the progress texts. */
type FailureText = (shortName: string, reason: string) => ProgressEntry;

/**
 * A step begins when the one before it is done, the first when the process begins. Steps are undone in the opposite order, each once the one after it
 * is undone.
 */
interface StepDeclaration {
  readonly service: ServiceName;
  readonly done: EventClass<EventWith<TicketData>>;
  readonly failed: EventClass<EventWith<FailureData>>;
  readonly failedText: FailureText;
  /** Takes back whatever may have been done, also where nothing was reported. */
  readonly undo: EventClass<EventWith<CleanupData>>;
  readonly undone: EventClass<EventWith<TicketData>>;
  readonly undoFailed: EventClass<EventWith<FailureData>>;
  readonly undoFailedText: FailureText;
}

export interface ProcessDeclaration {
  /** Open a round, one for each kind of deployment. */
  readonly opens: readonly EventClass[];
  readonly rejects: EventClass;
  readonly begins: EventClass<EventWith<TicketData>>;
  /** In their order. */
  readonly steps: readonly StepDeclaration[];
  /** Told to the services of all steps: nothing is done for the customer any more. */
  readonly abandons: EventClass;
  readonly ends: EventClass;
}
