import { type DeploymentEventMessage, type DeploymentView, fold, SbcOnboarded } from '@trunkline/contracts';
import { ownerMark } from '@trunkline/scripts';
import { Story } from '@trunkline/testing';
import { describe, expect, it } from 'vitest';

import { taskView } from './task-view.js';

const id = '7d3f3c1e-2f52-4a7e-9a43-1f0b9a3b6c11';
const story = new Story(id, 'Northwind7');
const viewOf = (events: readonly DeploymentEventMessage[], completedAt: string | null = null): DeploymentView => (
  { deployment: fold(events)!, createdAt: '2026-03-01T12:00:00.000Z', completedAt }
);

describe('a deployment as a task', () => {
  it('has the documented members, with real times', () => {
    const view = viewOf(story.deployed(), '2026-03-01T12:00:09.000Z');
    expect(taskView(view)).toEqual({
      id: `wst_${id}`, status: 'CompletedSuccess', details: [null],
      executionMessages: [
        { level: 'Information', message: 'MsTenantid is valid' }, { level: 'Information', message: 'Customer data created!' },
        { level: 'Information', message: 'SBC sbc-onboarding done for site Northwind7.' }, { level: 'Information', message: 'Site created in Ovoc' },
      ],
      outputData: { umpCustomerGuid: view.deployment.customerGuid, ownerMark: ownerMark(view.deployment.customerGuid) },
      createTime: '2026-03-01T12:00:00.000Z', completeTime: '2026-03-01T12:00:09.000Z', cancellationRequested: null,
      allowedActions: [],
    });
  });

  it.each([
    ['is queued when accepted', [story.accepted()], { status: 'Queued', details: [null], completeTime: null }],
    ['is in progress once the customer is stored', [story.accepted(), story.created()], { status: 'InProgress', details: [null] }],
    ['shows the reason of a failure', story.failed('SBC unreachable'), { status: 'CompletedFailed', details: ['SBC unreachable'] }],
    ['is in progress while held, with the reason', [story.accepted(), story.created(), story.completed('Held', 3, 'OVOC unreachable')], { status: 'InProgress', details: ['OVOC unreachable'] }],
    ['is cancelled', [story.accepted(), story.created(), story.completed('Cancelled', 3, 'Cancelled')], { status: 'Cancelled', details: ['Cancelled'] }],
    ['is a success for a removal', story.deleted(), { status: 'CompletedSuccess', details: [null] }],
  ] as const)('%s', (_name, events, expected) => {
    expect(taskView(viewOf(events))).toMatchObject(expected);
  });

  it('shows beside its lines what the SBC shows only as set', () => {
    const password = 'sip-definition account "Northwind7": password';
    const events = story.deployed().map((event) => (event.type === SbcOnboarded.type ? { ...event, data: { ...event.data, unverified: [password] } } : event));
    const view = taskView(viewOf(events)) as { unverified: string[]; executionMessages: unknown };
    expect(view.unverified).toEqual([password]);
    expect(JSON.stringify(view.executionMessages)).not.toContain('password');
  });

  it('shows every problem of a rejected request, and no customer', () => {
    const errors = [{ field: 'shortName', code: 'SHORT_NAME_NOT_UNIQUE', message: 'In use.' }, { field: 'x', code: 'UNKNOWN_PROPERTY', message: 'No.' }];
    expect(taskView(viewOf([story.accepted(), story.rejected(409, errors)]))).toMatchObject(
      { status: 'CompletedFailed', details: ['In use.'], outputData: { umpCustomerGuid: null }, errors },
    );
  });
});
