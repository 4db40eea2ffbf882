import { CustomerCreateAccepted } from '../customer/customer-create-accepted.js';
import { CustomerCreateRejected } from '../customer/customer-create-rejected.js';
import { CustomerCreated } from '../customer/customer-created.js';
import { CustomerDeleteAccepted } from '../customer/customer-delete-accepted.js';
import { OvocCleaned } from '../ovoc/ovoc-cleaned.js';
import { OvocCleanupRequested } from '../ovoc/ovoc-cleanup-requested.js';
import { OvocSiteCreated } from '../ovoc/ovoc-site-created.js';
import { OvocSyncFailed } from '../ovoc/ovoc-sync-failed.js';
import { SbcCleaned } from '../sbc/sbc-cleaned.js';
import { SbcCleanupFailed } from '../sbc/sbc-cleanup-failed.js';
import { SbcCleanupRequested } from '../sbc/sbc-cleanup-requested.js';
import { SbcOnboarded } from '../sbc/sbc-onboarded.js';
import { SbcOnboardingFailed } from '../sbc/sbc-onboarding-failed.js';
import { DeploymentCompleted, type Outcome } from '../deployment/deployment-completed.js';
import type { DeploymentEventMessage } from './steps.js';

const deploymentId = '7d3f3c1e-2f52-4a7e-9a43-1f0b9a3b6c11';
const ticket = {
  provider: 'default', customerGuid: '5d0a9d2e-6a3c-4c0e-8a55-0d8c0a8b7a10', siteGuid: 'c1c7c5f4-2f3e-4d43-a1f0-2b8f0f6f7e44',
  shortName: 'Northwind7', fullName: 'Northwind Traders Ltd', msTenantId: '0b7d1c52-6a0f-4a83-9b51-6f0a2f0d9e11', ovocCustomerType: 'IPGROUP_TYPE',
  sbc: { id: 3, ovocSbcId: 403, fqdn: 'sbc3.example.net' },
};

type Step = readonly [round: number, type: DeploymentEventMessage['type'], data?: object, sequence?: number];
const info = (message: string) => ({ progress: [{ level: 'Information', message }] });
const error = (message: string) => ({ progress: [{ level: 'Error', message }] });
const failure = (code: string, reason: string) => ({ code, reason, ...error(reason) });

const accepted: Step = [1, CustomerCreateAccepted.type];
const script = { onboarding: { id: 7, version: 1, text: 'configure voip' }, cleanup: { id: 700, version: 1, text: 'configure voip' }, values: {} };
const created: Step = [1, CustomerCreated.type, { script, startBy: '2026-01-02T00:00:00.000Z', progress: [
  { level: 'Information', message: 'MsTenantid is valid' }, { level: 'Information', message: 'Customer data created!' },
] }];
const onboarded: Step = [1, SbcOnboarded.type, info('SBC sbc-onboarding done for site Northwind7.'), 1];
const site: Step = [1, OvocSiteCreated.type, { ...info('Site created in Ovoc'), ovoc: { lcCustomerId: 1, serviceId: 2, siteId: 3, linkId: 4 } }, 1];
const done = (round: number, outcome: Outcome, reason?: string): Step => [round, DeploymentCompleted.type, { outcome, ...(reason ? { reason } : {}) }];
const inRound = (round: number, [, type, data = {}, sequence = 0]: Step): Step => [round, type, data, sequence];
const undo = (round: number): Step[] => [
  [round, OvocCleanupRequested.type, { closesRound: Math.max(1, round - 1), cause: 'Failed', reason: 'SBC unreachable' }],
  [round, OvocCleaned.type, {}, 1],
  [round, SbcCleanupRequested.type, { closesRound: Math.max(1, round - 1), cause: 'Failed', reason: 'SBC unreachable' }],
  [round, SbcCleaned.type, { progress: [{ level: 'Warning', message: 'SBC sbc-cleanup done for site Northwind7.' }] }, 1],
];
const sbcFailed: Step = [1, SbcOnboardingFailed.type, failure('SBC_SCRIPT_REJECTED', 'SBC rejected script at line 3: invalid'), 4];
const unavailable: Step = [1, CustomerCreateRejected.type, { status: 503, errorCode: 'MS_TENANT_CHECK_UNAVAILABLE', errors: [] }];

const histories = {
  'deployed': [accepted, created, onboarded, site, done(1, 'Deployed')],
  'sbc-failed': [accepted, created, sbcFailed, ...undo(2), done(2, 'Failed', 'SBC rejected script at line 3: invalid')],
  'ovoc-failed': [accepted, created, onboarded, [1, OvocSyncFailed.type, failure('OVOC_REJECTED', 'OVOC rejected: no'), 2], ...undo(2), done(2, 'Failed', 'OVOC rejected: no')],
  'rejected': [accepted, [1, CustomerCreateRejected.type, { status: 400, errorCode: 'SBC_NOT_FOUND', errors: [{ field: 'siteLocation.sbcId', code: 'SBC_NOT_FOUND', message: 'SBC 9 is not known.' }] }]],
  'held': [accepted, created, sbcFailed, done(1, 'Held', 'SBC unreachable')],
  'deleted': [[1, CustomerDeleteAccepted.type, info('Deletion requested')], ...undo(1), done(1, 'Deleted')],
  'cleanup-required-then-failed': [
    accepted, created, sbcFailed, ...undo(2).slice(0, 3), [2, SbcCleanupFailed.type, failure('SBC_UNREACHABLE', 'SBC unreachable'), 9],
    done(2, 'CleanupRequired', 'SBC unreachable'), ...undo(3), done(3, 'Failed', 'SBC unreachable'),
  ],
  'rejected-then-deployed': [accepted, unavailable, ...[accepted, created, onboarded, site, done(1, 'Deployed')].map((step) => inRound(2, step))],
} satisfies Record<string, readonly Step[]>;

export type HistoryName = keyof typeof histories;
export const historyNames = Object.keys(histories) as HistoryName[];

/** A recorded-looking event log by name; ids are stable. */
export function aDeploymentHistory(name: HistoryName): DeploymentEventMessage[] {
  const steps: readonly Step[] = histories[name];
  return steps.map(([round, type, data, sequence], index) => ({
    specversion: '1.0', id: `${name}-${index}`, source: 'trunkline/test', type, subject: deploymentId, time: '2026-01-01T00:00:00.000Z',
    datacontenttype: 'application/json', round, sequence: sequence ?? 0, step: 'test',
    data: { ticket, progress: [], ...(type === DeploymentCompleted.type ? { eventCount: index + 1 } : {}), ...data },
  }) as unknown as DeploymentEventMessage); // rows above are typed by the types' schemas, which the contracts test checks
}
