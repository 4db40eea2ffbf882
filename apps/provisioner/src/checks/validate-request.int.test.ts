import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  checkOvocReferences, cloudEventsContentType, CustomerCreateRejected, CustomerCreateRequested, type DeploymentEventMessage, encode, fold, messageOf,
  routingKeyOf,
} from '@trunkline/contracts';
import type { RunningService } from '@trunkline/hosting';
import { InProcessBroker, InProcessTransport, topology } from '@trunkline/messaging';
import { createLogger } from '@trunkline/runtime';
import { eventually, type FreshDatabase, freshDatabase, withClient, writeInventory } from '@trunkline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createProvisioner } from '../create-provisioner.js';

/** OVOC's ids of two SBCs are each the catalogue's id of the other one. */
const ovocIds: Readonly<Record<number, number>> = { 3: 4, 4: 3, 5: 5 };

describe('the checks of a request', () => {
  let fresh: FreshDatabase;
  let folder: string;
  let transport: InProcessTransport;
  let microsoft: Server;
  let service: RunningService;
  /** Answers to come; without any every tenant exists. */
  let refusals: { readonly status: number; readonly retryAfter?: string }[];
  let asked: number;

  beforeEach(async () => {
    [refusals, asked] = [[], 0];
    fresh = await freshDatabase();
    folder = mkdtempSync(join(tmpdir(), 'trunkline-checks-'));
    transport = new InProcessTransport(new InProcessBroker(topology));
    await transport.start();
    microsoft = createServer((request, response) => {
      asked += 1;
      const refusal = refusals.shift();
      response.writeHead(refusal?.status ?? 200, { 'content-type': 'application/json', ...(refusal?.retryAfter === undefined ? {} : { 'retry-after': refusal.retryAfter }) });
      response.end(JSON.stringify({ issuer: `https://sts.windows.net/${request.url?.split('/')[1] ?? ''}/` }));
    });
    await new Promise<void>((resolve) => { microsoft.listen(0, '127.0.0.1', resolve); });
    const url = 'http://127.0.0.1:9';
    service = await createProvisioner({
      transport, logger: createLogger({ service: 'test', level: 'silent' }), instance: 'test',
      configuration: {
        DATABASE_URL: fresh.provisioner, SECRETS_KEY: randomBytes(32).toString('base64'), MICROSOFT_CLOUD: 'public', SBC_ID_SOURCE: 'ovoc', ON_FAILURE: 'undo',
        MICROSOFT_BASE_URL: `http://127.0.0.1:${(microsoft.address() as AddressInfo).port}`, START_BY_MS: 3_600_000, REDRIVE_AFTER_MS: 3_600_000,
        CLEANUP_RETRY_MS: 3_600_000, STEP_DEADLINE_MS: 60_000, SBC_RESPONSE_TIMEOUT_MS: 60_000,
        INVENTORY_FILE: writeInventory(folder, { 3: url, 4: url, 5: url }, ({ sbcs, scriptTemplates }) => (
          { sbcs: sbcs.map((sbc) => ({ ...sbc, ovocSbcId: ovocIds[sbc.id]! })), scriptTemplates })),
      },
    });
  });
  afterEach(async () => {
    await service.stop(AbortSignal.timeout(1_000));
    await transport.close();
    microsoft.closeAllConnections();
    await new Promise((resolve) => { microsoft.close(resolve); });
    await fresh.drop();
    rmSync(folder, { recursive: true });
  });

  async function check(change: { shortName?: string; sbcId?: number; channelId?: number } = {}) {
    const { sbcId = 3, ...rest } = change;
    const message = messageOf(CustomerCreateRequested, {
      id: randomUUID(), source: 'test', subject: randomUUID(), time: new Date().toISOString(),
      data: {
        caller: 'default', provider: 'default',
        request: {
          shortName: 'Northwind7', fullName: 'Northwind', siteLocation: { sbcId, sbcOnboardingScript: 7, sbcCleanupScript: 700 }, ovocCustomerType: 'IPGROUP_TYPE',
          msTenantId: randomUUID(), scriptParameters: {}, candidates: {}, ...rest,
        },
      },
    });
    await transport.publish({
      exchange: 'requests', routingKey: routingKeyOf(message.type), messageId: message.id, contentType: cloudEventsContentType, body: encode(message), mandatory: true,
    });
    return eventually('the checks to end', async () => {
      const { rows } = await withClient(fresh.superuserUrl, (client) => (
        client.query<{ body: string }>('SELECT body FROM provisioner.deployment_event WHERE deployment_id = $1', [message.subject])));
      const events = rows.map(({ body }) => JSON.parse(body) as DeploymentEventMessage);
      const state = fold(events)?.state;
      if (state === undefined || state === 'Accepted') return undefined;
      const rejected = events.find((event) => event.type === CustomerCreateRejected.type);
      return { state, status: rejected?.data.status, errors: rejected?.data.errors.map(({ code, field }) => `${field} ${code}`) };
    }, 20_000);
  }

  const away = { status: 503 };
  const unavailable = { state: 'Rejected', status: 503, errors: ['msTenantId MS_TENANT_CHECK_UNAVAILABLE'] };

  it('are made again when Microsoft has given no usable answer', async () => {
    refusals = [away, away];
    expect([(await check()).state, asked]).toEqual(['Programming', 3]);
  });

  it('end after three tries: 503, which names what could not be asked', async () => {
    refusals = [away, away, away];
    expect([await check(), asked]).toEqual([unavailable, 3]);
  });

  it('end at once when Microsoft asks for a longer wait than they have', async () => {
    refusals = [{ status: 429, retryAfter: '60' }];
    expect([await check(), asked]).toEqual([unavailable, 1]);
  });

  it('ask OVOC about a channel as often, and then name it', async () => {
    const questions: string[] = [];
    await transport.respond(checkOvocReferences.queue, { prefetch: 1 }, async (body) => {
      questions.push(body.toString());
      return Buffer.from(JSON.stringify({ ok: false, error: { code: 'INTERNAL', message: 'OVOC is away' } }));
    });
    expect(await check({ channelId: 1 })).toEqual({ state: 'Rejected', status: 503, errors: ['channelId OVOC_CHECK_UNAVAILABLE'] });
    expect([questions.length, asked]).toEqual([3, 1]);
  });

  it('go by scripts and SBCs as they are when the request comes, changed by any session', async () => {
    expect((await check({ shortName: 'Before', sbcId: 4 })).state).toBe('Programming');
    await withClient(fresh.superuserUrl, async (client) => {
      await client.query(`UPDATE provisioner.script_template SET script = script || E'\nreload' WHERE id = 7`);
      await client.query('DELETE FROM provisioner.sbc WHERE id = 5');
    });
    expect(await check({ shortName: 'After', sbcId: 4 })).toMatchObject({ state: 'Rejected', status: 400, errors: ['siteLocation.sbcOnboardingScript SCRIPT_WRONG_KIND'] });
    expect(await check({ shortName: 'Gone', sbcId: 5 })).toMatchObject({ errors: expect.arrayContaining(['siteLocation.sbcId SBC_NOT_FOUND']) as unknown });
    await withClient(fresh.superuserUrl, (client) => client.query(`UPDATE provisioner.script_template SET script = replace(script, E'\nreload', '') WHERE id = 7`));
    expect((await check({ shortName: 'Again', sbcId: 4 })).state).toBe('Programming');
    // A text that has changed under its version gets the next one.
    const { rows } = await withClient(fresh.superuserUrl, (client) => client.query(
      `SELECT onboarding_script_version AS version FROM provisioner.site_location WHERE name IN ('Before', 'Again') ORDER BY version`));
    expect(rows).toEqual([{ version: 1 }, { version: 3 }]);
  });

  it('look for the name on the SBC that is meant, whichever number it was asked for by', async () => {
    expect((await check({ sbcId: 3 })).state).toBe('Programming');
    refusals = Array.from({ length: 6 }, () => away);
    expect(await check({ sbcId: 3 })).toEqual({ state: 'Rejected', status: 409, errors: ['shortName SHORT_NAME_NOT_UNIQUE'] });
    expect(await check({ sbcId: 4 })).toEqual(unavailable);
  });
});
