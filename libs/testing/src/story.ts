import {
  CustomerCreateAccepted, CustomerCreated, CustomerCreateRejected, CustomerCreateRequested, CustomerDeleteAccepted, type CustomerDeleteRequested,
  customerGuidOf, DeploymentAbandoned, DeploymentCompleted, type DeploymentEventMessage, type DeploymentRef, eventIdOf, type FieldProblem, messageOf,
  type Outcome, OvocCleaned, OvocCleanupRequested, OvocSiteCreated, type ProgressEntry, RequestRefused, SbcCleaned, SbcCleanupRequested, SbcOnboarded,
  SbcOnboardingFailed, siteGuidOf, type Ticket, type UndoCause,
} from '@trunkline/contracts';

const source = 'trunkline/provisioner';
const time = '2026-03-01T12:00:00.000Z';
const anSbc: Ticket['sbc'] = { id: 3, ovocSbcId: 403, fqdn: 'sbc3.example.net' };
const info = (message: string): ProgressEntry => ({ level: 'Information', message });

/** The events of one deployment, as the services would emit them. */
export class Story {
  private readonly ref: DeploymentRef;

  constructor(readonly id: string, readonly shortName: string, customerGuid = customerGuidOf(id), siteGuid = siteGuidOf(id), private readonly sbc = anSbc) {
    this.ref = { provider: 'default', customerGuid, siteGuid, shortName };
  }

  static of(request: CustomerCreateRequested | CustomerDeleteRequested, shortName = 'Northwind7'): Story {
    return request.type === CustomerCreateRequested.type
      ? new Story(request.subject, request.data.request.shortName)
      : new Story(request.subject, shortName, request.data.customerGuid);
  }

  accepted(round = 1): CustomerCreateAccepted {
    return messageOf(CustomerCreateAccepted, { ...this.envelope(CustomerCreateAccepted, round), data: { ticket: this.ref, progress: [] } });
  }

  deleteAccepted(): CustomerDeleteAccepted {
    return messageOf(CustomerDeleteAccepted, { ...this.envelope(CustomerDeleteAccepted, 1), data: { ticket: this.ref, progress: [] } });
  }

  rejected(status: 400 | 409 | 503, errors: FieldProblem[], round = 1): CustomerCreateRejected {
    const data = { ticket: this.ref, progress: [], status, errorCode: errors[0]?.code ?? 'BAD_REQUEST', errors };
    return messageOf(CustomerCreateRejected, { ...this.envelope(CustomerCreateRejected, round), data });
  }

  created(round = 1): CustomerCreated {
    const script = { onboarding: { id: 7, version: 1, text: 'configure voip' }, cleanup: { id: 700, version: 1, text: 'no' }, values: {} };
    return messageOf(CustomerCreated, {
      ...this.envelope(CustomerCreated, round),
      data: { ticket: this.ticket, progress: [info('MsTenantid is valid'), info('Customer data created!')], script, startBy: time },
    });
  }

  onboarded(round = 1): SbcOnboarded {
    return messageOf(SbcOnboarded, {
      ...this.envelope(SbcOnboarded, round, 1), data: { ticket: this.ticket, progress: [info(`SBC sbc-onboarding done for site ${this.shortName}.`)] },
    });
  }

  onboardingFailed(reason: string, code = 'SBC_SCRIPT_REJECTED'): SbcOnboardingFailed {
    const data = { ticket: this.ticket, progress: [{ level: 'Error' as const, message: reason }], code, reason };
    return messageOf(SbcOnboardingFailed, { ...this.envelope(SbcOnboardingFailed, 1, 1), data });
  }

  siteCreated(round = 1): OvocSiteCreated {
    const data = { ticket: this.ticket, progress: [info('Site created in Ovoc')], ovoc: { lcCustomerId: 1, serviceId: 2, siteId: 3, linkId: 4 } };
    return messageOf(OvocSiteCreated, { ...this.envelope(OvocSiteCreated, round, 1), data });
  }

  completed(outcome: Outcome, eventCount: number, reason?: string, round = 1): DeploymentCompleted {
    const data = { ticket: this.ref, progress: [], outcome, eventCount, ...(reason === undefined ? {} : { reason }) };
    return messageOf(DeploymentCompleted, { ...this.envelope(DeploymentCompleted, round), data });
  }

  abandoned(reason: string, round: number): DeploymentAbandoned {
    const data = { ticket: this.ref, progress: [info(`Abandoned by an operator: ${reason}`)], reason, caller: 'default', closesRound: round - 1 };
    return messageOf(DeploymentAbandoned, { ...this.envelope(DeploymentAbandoned, round), data });
  }

  /** A whole log that ends well. */
  deployed(round = 1): DeploymentEventMessage[] {
    return [this.accepted(round), this.created(round), this.onboarded(round), this.siteCreated(round), this.completed('Deployed', 5 * round, undefined, round)];
  }

  /** A whole log of an SBC that refused, and of the way back. */
  failed(reason: string, code?: string): DeploymentEventMessage[] {
    return [this.accepted(), this.created(), this.onboardingFailed(reason, code), ...this.undone('Failed', 2), this.completed('Failed', 8, reason, 2)];
  }

  /** A whole log of a removal. */
  deleted(): DeploymentEventMessage[] {
    return [this.deleteAccepted(), ...this.undone('Deleted', 1), this.completed('Deleted', 6)];
  }

  refusal(requestId: string, status: 404 | 422, code: string, message: string): RequestRefused {
    const { round: _round, sequence: _sequence, step: _step, ...envelope } = this.envelope({ type: `${RequestRefused.type}/${requestId}`, step: '' }, 0);
    return messageOf(RequestRefused, { ...envelope, data: { requestId, status, errorCode: code, errors: [{ field: '', code, message }] } });
  }

  /** The way back, all of it. */
  undone(cause: UndoCause, round: number, reason?: string): DeploymentEventMessage[] {
    const data = { ticket: this.ticket, progress: [] };
    const request = { ...data, closesRound: 1, cause, ...(reason === undefined ? {} : { reason }) };
    return [
      messageOf(OvocCleanupRequested, { ...this.envelope(OvocCleanupRequested, round), data: request }),
      messageOf(OvocCleaned, { ...this.envelope(OvocCleaned, round, 1), data }),
      messageOf(SbcCleanupRequested, { ...this.envelope(SbcCleanupRequested, round), data: request }),
      messageOf(SbcCleaned, { ...this.envelope(SbcCleaned, round, 1), data }),
    ];
  }

  private get ticket(): Ticket {
    return {
      ...this.ref, fullName: 'Northwind Traders Ltd', msTenantId: '0b7d1c52-6a0f-4a83-9b51-6f0a2f0d9e11', ovocCustomerType: 'IPGROUP_TYPE',
      sbc: this.sbc,
    };
  }

  private envelope({ step, type }: { readonly type: string; readonly step: string }, round: number, sequence = 0) {
    return { id: eventIdOf(this.id, round, type, sequence), source, subject: this.id, time, round, sequence, step };
  }
}
