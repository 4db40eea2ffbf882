import { customerDataCreated, type ProgressEntry, sbcOnboardingDone, sbcOnboardingFailed, siteCreatedInOvoc, tenantIsValid } from '@trunkline/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createCustomerAnswer } from './create-customer-answer.js';
import { printProgress } from './print-progress.js';

describe('the answer to a create request', () => {
  const customer = {
    customerGuid: '5d0a9d2e-6a3c-4c0e-8a55-0d8c0a8b7a10', shortName: 'Northwind7', siteGuids: ['c1c7c5f4-2f3e-4d43-a1f0-2b8f0f6f7e44'],
    deploymentState: 'Deployed' as const, errorDetails: null,
    progress: [tenantIsValid, customerDataCreated, sbcOnboardingDone('Northwind7'), siteCreatedInOvoc],
  };

  it('is the documented one, field by field', () => {
    expect(JSON.stringify(createCustomerAnswer(customer), null, 2)).toBe(`{
  "id": "5d0a9d2e-6a3c-4c0e-8a55-0d8c0a8b7a10",
  "customerGuid": "5d0a9d2e-6a3c-4c0e-8a55-0d8c0a8b7a10",
  "customerId": "Northwind7",
  "siteLocationIds": [
    "c1c7c5f4-2f3e-4d43-a1f0-2b8f0f6f7e44"
  ],
  "deploymentState": "Deployed",
  "errorDetails": null,
  "progressDetails": "(Information, MsTenantid is valid);(Information, Customer data created!);(Information, SBC sbc-onboarding done for site Northwind7.);(Information, Site created in Ovoc)"
}`);
  });

  it('has the reason of a failure', () => {
    const answer = createCustomerAnswer({ ...customer, deploymentState: 'Unknown', errorDetails: 'SBC unreachable', progress: [sbcOnboardingFailed('Northwind7', 'SBC unreachable')] });
    expect(answer).toMatchObject({
      deploymentState: 'Unknown', errorDetails: 'SBC unreachable', progressDetails: '(Error, SBC sbc-onboarding failed for site Northwind7: SBC unreachable)',
    });
  });
});

/** Reads what `printProgress` wrote, by the grammar of the contract. */
function readProgress(text: string): ProgressEntry[] {
  if (text === '') return [];
  expect(text).toMatch(/^\(.*\)$/s);
  return text.slice(1, -1).split(');(').map((entry) => {
    const [, level, message] = /^(Information|Warning|Error), (.*)$/s.exec(entry) ?? [];
    return { level: level as ProgressEntry['level'], message: message! };
  });
}

describe('the printed progress', () => {
  const anyMessage = fc.string({ unit: fc.constantFrom('a', 'ß', '😀', ' ', '(', ')', ';', ',', '\r', '\n'), maxLength: 40 });
  const anyProgress = fc.array(fc.record({ level: fc.constantFrom('Information', 'Warning', 'Error'), message: anyMessage }));

  it.each([
    ['is empty without entries', [], ''],
    ['replaces what would end an entry', ['a);(b);(c'], '(Warning, a), (b), (c)'],
    ['replaces line ends', ['a\r\nb\nc'], '(Warning, a b c)'],
    ['can end in a bracket', ['a)', ';(b'], '(Warning, a));(Warning, ;(b)'],
  ])('%s', (_name, messages, text) => {
    expect(printProgress(messages.map((message) => ({ level: 'Warning', message })))).toBe(text);
  });

  it('can be read back entry by entry, whatever the messages are', () => {
    fc.assert(fc.property(anyProgress, (progress) => {
      const text = printProgress(progress);
      expect(text).not.toMatch(/[\r\n]/);
      expect(readProgress(text).map(({ level }) => level)).toEqual(progress.map(({ level }) => level));
    }));
  });

  it('starts with the same text when more entries follow', () => {
    fc.assert(fc.property(anyProgress, anyProgress, (first, more) => {
      expect(printProgress([...first, ...more]).startsWith(printProgress(first))).toBe(true);
    }));
  });

  it('ends at an entry before 8 KiB of UTF-8', () => {
    const progress = Array.from({ length: 100 }, (): ProgressEntry => ({ level: 'Error', message: 'ß'.repeat(300) }));
    const text = printProgress(progress);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8192);
    expect(readProgress(text)).toEqual(progress.slice(0, 13));
  });

  it('may be exactly 8 KiB long', () => {
    const filled = (length: number): ProgressEntry[] => [{ level: 'Error', message: 'x'.repeat(length) }];
    expect(printProgress(filled(8192 - '(Error, )'.length))).toHaveLength(8192);
    expect(printProgress(filled(8193 - '(Error, )'.length))).toBe('');
  });
});
