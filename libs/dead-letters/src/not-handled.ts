import {
  CustomerCreated, CustomerCreateRequested, CustomerDeleteRequested, eventIdOf, type Message, messageOf, OvocCleanupFailed, OvocCleanupRequested,
  OvocSyncFailed, type ProgressEntry, RequestRefused, SbcCleanupFailed, sbcCleanupFailed, SbcCleanupRequested, SbcOnboarded, SbcOnboardingFailed,
  sbcOnboardingFailed, siteNotCreatedInOvoc,
} from '@trunkline/contracts';

const errorCode = 'MESSAGE_NOT_HANDLED';

type FailureClass = typeof SbcOnboardingFailed | typeof SbcCleanupFailed | typeof OvocSyncFailed | typeof OvocCleanupFailed;
type StepWish = CustomerCreated | SbcCleanupRequested | SbcOnboarded | OvocCleanupRequested;

const failures: Readonly<Record<'sbc-agent' | 'ovoc-sync', ReadonlyMap<string, FailureClass>>> = {
  'sbc-agent': new Map<string, FailureClass>([[CustomerCreated.type, SbcOnboardingFailed], [SbcCleanupRequested.type, SbcCleanupFailed]]),
  'ovoc-sync': new Map<string, FailureClass>([[SbcOnboarded.type, OvocSyncFailed], [OvocCleanupRequested.type, OvocCleanupFailed]]),
};

/**
 * What a service says, and to which gateways, when it gives up taking a message in: the failed event of its step, or the refusal of a
 * request. Undefined where nothing is owed: the deployment then ends by its time limits. The same message always gives the same ids.
 */
export function notHandled(
  service: 'provisioner' | 'sbc-agent' | 'ovoc-sync', message: Message, time: string,
): { readonly message: Message; readonly origins: readonly string[] } | undefined {
  if (service === 'provisioner') return refusal(message, time);
  const failed = failures[service].get(message.type);
  return failed && stepFailed(service, failed, message as StepWish, time);
}

function stepFailed(service: string, failed: FailureClass, { data: { ticket }, round, subject }: StepWish, time: string) {
  const reason = `The ${service} could not take in its work for ${ticket.shortName}; an operator finds it among the dead letters.`;
  const message = messageOf<typeof SbcOnboardingFailed>(failed as typeof SbcOnboardingFailed, {
    // No attempt was ever made: sequence 0 comes before the outcome of any job.
    id: eventIdOf(subject, round, failed.type, 0), source: `trunkline/${service}`, subject, time, round, sequence: 0, step: failed.step,
    data: { ticket, progress: [progressOf(failed, ticket.shortName, reason)], code: errorCode, reason },
  });
  return { message, origins: originsOf(ticket) };
}

function progressOf(failed: FailureClass, shortName: string, reason: string): ProgressEntry {
  if (failed === SbcOnboardingFailed) return sbcOnboardingFailed(shortName, reason);
  if (failed === SbcCleanupFailed) return sbcCleanupFailed(shortName, reason);
  if (failed === OvocSyncFailed) return siteNotCreatedInOvoc(reason);
  return { level: 'Error', message: `Site not removed from Ovoc: ${reason}` };
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
