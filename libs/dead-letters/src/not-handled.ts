import {
  CustomerCreateRequested, CustomerDeleteRequested, eventIdOf, type Message, messageOf, type ProcessStep, RequestRefused, type ServiceName,
  type StepRequest, stepsOf,
} from '@trunkline/contracts';

const errorCode = 'MESSAGE_NOT_HANDLED';

/**
 * What a service says, and to which gateways, when it gives up taking a message in: the failed event of its step, or the refusal of a
 * request. Undefined where nothing is owed: the deployment then ends by its time limits. The same message always gives the same ids.
 */
export function notHandled(
  service: ServiceName, message: Message, time: string,
): { readonly message: Message; readonly origins: readonly string[] } | undefined {
  if (service === 'provisioner') return refusal(message, time);
  const step = stepsOf(service).find(({ start, undo }) => message.type === start.type || message.type === undo.type);
  return step && stepFailed(step, message as StepRequest, time);
}

function stepFailed(step: ProcessStep, { data: { ticket }, round, subject, type }: StepRequest, time: string) {
  const { failed, failedText, service, undo, undoFailed, undoFailedText } = step;
  const [messageClass, text] = type === undo.type ? [undoFailed, undoFailedText] as const : [failed, failedText] as const;
  const reason = `The ${service} could not take in its work for ${ticket.shortName}; an operator finds it among the dead letters.`;
  const message = messageOf<ProcessStep['failed' | 'undoFailed']>(messageClass, {
    // No attempt was ever made: sequence 0 comes before the outcome of any job.
    id: eventIdOf(subject, round, messageClass.type, 0), source: `trunkline/${service}`, subject, time, round, sequence: 0, step: messageClass.step,
    data: { ticket, progress: [text(ticket.shortName, reason)], code: errorCode, reason },
  });
  return { message, origins: originsOf(ticket) };
}

function refusal(request: Message, time: string) {
  const isRequest = request.type === CustomerCreateRequested.type || request.type === CustomerDeleteRequested.type;
  const data = isRequest ? (request as CustomerCreateRequested | CustomerDeleteRequested).data : undefined;
  if (data?.origin === undefined) return undefined;
  const text = 'The request arrived and could not be taken in because of an error of ours: nothing was done. An operator finds it among the dead letters.';
  const message = messageOf(RequestRefused, {
    id: eventIdOf(request.subject, 0, `${RequestRefused.type}/${request.id}`, 0), source: 'trunkline/provisioner', subject: request.subject, time,
    data: { requestId: request.id, status: 500, errorCode, errors: [{ field: '', code: errorCode, message: text }] },
  });
  return { message, origins: originsOf(data) };
}

const originsOf = ({ origin }: { readonly origin?: string }): string[] => (origin === undefined ? [] : [origin]);
