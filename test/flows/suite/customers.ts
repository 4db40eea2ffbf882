import { type HttpAnswer, type Simulators } from '@trunkline/testing';
import { expect } from 'vitest';

import type { Stage } from './stage.js';

/** The documented request, word for word. */
export const documentedRequest = {
  shortName: 'BradSB1E1',
  fullName: 'BradSB1E1',
  siteLocation: { sbcId: 5, sbcOnboardingScript: 7, sbcCleanupScript: 700 },
  ovocCustomerType: 'IPGROUP_TYPE',
  msTenantId: 'fcc608c4-095b-4d1a-90e3-2106fc7024de',
} as const;

export const path = '/api/v2/customer';

export interface CreateBody {
  readonly shortName: string;
  readonly siteLocation: unknown;
  readonly [property: string]: unknown;
}

let count = 0;

/** A short name that no other test of this run has. */
export const aName = (): string => `Flow${++count}`;

/** A valid request with a name of its own. */
export function aRequest(changes: Readonly<Record<string, unknown>> = {}): CreateBody {
  return { ...documentedRequest, shortName: aName(), fullName: 'Flow Test Ltd', ...changes };
}

export interface CreateAnswerBody {
  readonly id: string;
  readonly customerGuid: string;
  readonly customerId: string;
  readonly siteLocationIds: readonly string[];
  readonly deploymentState: string;
  readonly errorDetails: string | null;
  readonly progressDetails: string;
  readonly taskId?: string;
}

export const createdBy = (answer: HttpAnswer): CreateAnswerBody => answer.json as CreateAnswerBody;

export interface ProblemBody {
  readonly status: number;
  readonly errorCode: string;
  readonly errorTicket: string;
  readonly errors?: readonly { readonly field: string; readonly code: string; readonly message: string }[];
}

/** A problem with this status; answers its body. */
export function expectProblem(answer: HttpAnswer, status: number): ProblemBody {
  expect(answer.status, answer.text).toBe(status);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  const body = answer.json as ProblemBody;
  expect(body.status).toBe(status);
  return body;
}

export function expectDeployed(answer: HttpAnswer): CreateAnswerBody {
  expect(answer.status, answer.text).toBe(200);
  const body = createdBy(answer);
  expect(body).toMatchObject({ deploymentState: 'Deployed', errorDetails: null });
  return body;
}

export const fullProgress = (name: string): string =>
  `(Information, MsTenantid is valid);(Information, Customer data created!);(Information, SBC sbc-onboarding done for site ${name}.);(Information, Site created in Ovoc)`;

export interface Standing {
  readonly ipGroups: number;
  readonly routes: number;
  readonly lcCustomers: number;
  readonly services: number;
  readonly sites: number;
  readonly links: number;
}

export const oneOfEach: Standing = { ipGroups: 1, routes: 1, lcCustomers: 1, services: 1, sites: 1, links: 1 };
export const nothing: Standing = { ipGroups: 0, routes: 0, lcCustomers: 0, services: 0, sites: 0, links: 0 };

/** What stands of a customer on the simulated peers: told by them, not by us. */
export async function standing(simulators: Simulators, name: string, customerGuid: string, sbcId = 5): Promise<Standing> {
  const ovoc = await simulators.ovocObjects(customerGuid);
  return {
    ipGroups: (await simulators.rows(sbcId, 'ip-group')).filter((row) => row.name === name).length,
    routes: (await simulators.rows(sbcId, 'sbc routing ip2ip-routing')).filter((row) => row['route-name'] === `${name}-in`).length,
    lcCustomers: ovoc.lcCustomers.length, services: ovoc.services.length, sites: ovoc.sites.length, links: ovoc.links.length,
  };
}

export async function create(stage: Stage, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
  return stage.app.http.post(path, body, headers);
}
