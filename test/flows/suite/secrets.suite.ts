import { randomBytes } from 'node:crypto';

import { services } from '@trunkline/contracts';
import { describe, expect, it } from 'vitest';

import { aRequest, create, createdBy, expectDeployed } from './customers.js';
import { taskFor } from './reads.suite.js';
import type { Stage } from './stage.js';

const site = { sbcId: 4, sbcOnboardingScript: 8, sbcCleanupScript: 800 };
const script = { peer: 'sbc', id: 4, method: 'PUT', path: '/incremental' } as const;

export function secrets(stage: Stage): void {
  /** Every row of every table of ours, as text. */
  async function databaseText(): Promise<string> {
    const tables = await stage.app.rows<{ name: string }>(
      'SELECT format(\'%I.%I\', table_schema, table_name) AS name FROM information_schema.tables WHERE table_schema = ANY($1)', [services.map(({ schema }) => schema)],
    );
    expect(tables.length).toBeGreaterThan(10);
    // In one statement: a connection for each table would take half of what the server has for all test files together.
    const rows = await stage.app.rows<{ row: string }>(tables.map(({ name }) => `SELECT t::text AS row FROM ${name} t`).join(' UNION ALL '));
    return rows.map(({ row }) => row).join('\n');
  }

  async function readsOf(customerGuid: string): Promise<string> {
    const paths = [
      '/api/v2/customer', `/api/v2/customer/${customerGuid}`, `/api/v3/customer/${customerGuid}?allDetails=true`, '/api/v2/scripttemplates?allDetails=true', '/api/v2/sbc',
      await taskFor(stage, customerGuid),
    ];
    return (await Promise.all(paths.map((path) => stage.app.http.get(path)))).map(({ status, text }) => `${status} ${text}`).join('\n');
  }

  /** The value in the forms in which it could hide. */
  const formsOf = (secret: string): string[] => [secret, Buffer.from(secret).toString('base64').slice(0, -4), Buffer.from(secret).toString('base64url').slice(0, -4), Buffer.from(secret).toString('hex')];

  /** `present` shows that the places are where such a value would be seen. */
  function expectNowhere(secret: string, present: string, places: Readonly<Record<string, string>>): void {
    for (const [place, text] of Object.entries(places)) {
      expect(text.includes(present), `${place} holds ${present}`).toBe(true);
      for (const form of formsOf(secret)) expect(text.includes(form), `${place} holds the secret as ${form}`).toBe(false);
    }
  }

  describe('the secret of a script', () => {
    it.each([
      ['by number', (secret: string) => ({ scriptParameters: { 'CustomVar.Variable1': 'pbx.example.net', 'CustomVar.Variable3': secret } })],
      ['by name', (secret: string) => ({ scriptParameters: { 'IPPBX-ProxyAddress': 'pbx.example.net', 'IPPBX-Password': secret } })],
      ['at the top of the request', (secret: string) => ({ 'IPPBX-ProxyAddress': 'pbx.example.net', 'IPPBX-Password': secret })],
      ['beside one the contract calls secret', (secret: string) => ({ scriptParameters: { 'CustomVar.Variable1': 'pbx.example.net', 'CustomVar.Variable3': secret, 'CarrierUserPassword': secret } })],
    ])('given %s reaches the SBC and is nowhere else to be read', async (_name, build) => {
      const secret = `hush-${randomBytes(12).toString('hex')}`;
      const untap = await stage.app.broker?.tap();
      await stage.simulators.fault({ peer: 'sbc', id: 4, kind: 'hold-before', match: { method: 'PUT' }, times: 1 });
      const request = aRequest({ siteLocation: site, ...build(secret) });
      const pending = create(stage, request);
      await stage.simulators.waitForCall(script);
      const during = await databaseText();
      await stage.simulators.release();
      const answer = await pending;
      const { id } = expectDeployed(answer);
      const [account] = (await stage.simulators.rows(4, 'sip-definition account')).filter((row) => row['account-name'] === `${request.shortName}-account`);
      expect(account?.password).toBe(secret);

      const messages = await untap?.();
      expectNowhere(secret, request.shortName, {
        'the database in mid-flow': during, 'the database afterwards': await databaseText(), 'the answer': answer.text, 'the reads': await readsOf(id),
        'the logs': stage.app.logLines().join('\n'), ...(messages === undefined ? {} : { 'the messages': messages.join('\n') }),
      });
    });

    it('is not told by an SBC that echoes it in its refusal', async () => {
      const secret = `hush-${randomBytes(12).toString('hex')}`;
      await stage.simulators.fault({
        peer: 'sbc', id: 4, kind: 'script-failure', times: 1, params: { output: `SBC-4(account-0)# password "${secret}"\nLine 14: Error: invalid value ${secret}`, description: `invalid ${secret}` },
      });
      const request = aRequest({ siteLocation: site, scriptParameters: { 'CustomVar.Variable1': 'pbx.example.net', 'CustomVar.Variable3': secret } });
      const answer = await create(stage, request);
      const { errorDetails, id } = createdBy(answer);
      expect(errorDetails).toMatch(/^SBC rejected script/);
      expectNowhere(secret, request.shortName, { 'the answer': answer.text, 'the database': await databaseText(), 'the reads': await readsOf(id), 'the logs': stage.app.logLines().join('\n') });
    });

    it('given where it does not belong is refused without being repeated', async () => {
      const secret = `hush-${randomBytes(12).toString('hex')}`;
      const request = aRequest({ 'IPPBX-Password': secret });
      const answer = await create(stage, request);
      expect(answer.status).toBe(400);
      expectNowhere(secret, 'IPPBX-Password', { 'the answer': answer.text });
      expectNowhere(secret, request.shortName, { 'the database': await databaseText(), 'the logs': stage.app.logLines().join('\n') });
    });
  });

  it('accounts of the peers are in no log and no table', async () => {
    const places = { 'the database': await databaseText(), 'the logs': stage.app.logLines().join('\n') };
    for (const password of ['admin-pw', 'ovoc-pw']) expectNowhere(password, 'Flow', places);
  });
}
