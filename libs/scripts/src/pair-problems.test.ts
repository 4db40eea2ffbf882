import { describe, expect, it } from 'vitest';

import { pairProblems, parseTemplate, renderCommands, rowsOfScript } from './index.js';
import { cleanup700, onboarding7, sampleValues } from './sample-templates.testing.js';

function problems(onboarding: string, cleanup: string, given: Record<string, string> = {}): string[] {
  const values = { ...sampleValues, ...given };
  const [on, off] = [onboarding, cleanup].map((text) => {
    const parsed = parseTemplate(text);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
    return { template: parsed.template, ...rowsOfScript(renderCommands(parsed.template, values)) };
  });
  return pairProblems({ rows: on!.rows, removes: off!.removes, template: on!.template, values });
}

const voip = (...lines: string[]) => ['configure voip', ...lines, 'exit'].join('\n');
const group = ['ip-group new', 'name "{{IpGroupName}}"', 'activate', 'exit'];
const set = ['proxy-set new', 'proxy-name "{{IpGroupName}}"', 'activate', 'exit'];
const inPlan = (...lines: string[]) => ['sbc dial-plan "Tenants"', ...lines, 'exit'];
const rule = ['dial-plan-rule new', 'name "{{IpGroupName}}"', 'activate', 'exit'];
const noGroup = 'no ip-group "{{IpGroupName}}"';
const noSet = 'no proxy-set "{{IpGroupName}}"';
const block = (name: string, ...lines: string[]) => [`{{#if ${name}}}`, ...lines, '{{/if}}'];

describe('an onboarding script and its cleanup', () => {
  it('belong together when the one removes what the other makes', () => {
    expect(problems(onboarding7, cleanup700)).toEqual([]);
    expect(problems(voip(...group, ...set, ...inPlan(...rule)), voip(...inPlan('no dial-plan-rule "{{IpGroupName}}"'), noGroup, noSet))).toEqual([]);
  });

  it.each([
    ['another row', voip(noGroup, noSet), 'removes proxy-set "Northwind7", which the onboarding script does not create'],
    ['one that belongs to all', voip(noGroup, 'no ip-group "Teams-OC"'), 'removes ip-group "Teams-OC", which the onboarding script does not create'],
    ['another row that it opens', voip('proxy-set "{{IpGroupName}}"', 'proxy-keep-alive-time 5', 'activate', 'exit', noSet, noGroup), 'removes proxy-set "Northwind7", which the onboarding script does not create'],
  ])('do not when the cleanup removes %s', (_name, cleanup, problem) => {
    expect(problems(voip(...group), cleanup)).toEqual([problem]);
  });

  it.each([
    ['a row', voip(...group, ...set), 'does not remove proxy-set "Northwind7", which the onboarding script creates: add no proxy-set "Northwind7"'],
    ['a row inside one that belongs to all', voip(...group, ...inPlan(...rule)),
      'does not remove dial-plan-rule "Northwind7" in sbc dial-plan "Tenants", which the onboarding script creates: add no dial-plan-rule "Northwind7" inside sbc dial-plan "Tenants"'],
    ['a row of another section', ['configure network', 'tls new', 'name "{{IpGroupName}}"', 'activate', 'exit', 'exit', voip(...group)].join('\n'),
      'does not remove network:tls "Northwind7", which the onboarding script creates: add no tls "Northwind7" inside configure network'],
  ])('do not when the cleanup leaves %s', (_name, onboarding, problem) => {
    expect(problems(onboarding, voip(noGroup))).toEqual([problem]);
  });

  it('take rows and removals of an optional block as the values have them', () => {
    const [onboarding, cleanup] = [voip(...group, ...block('CarrierHostName', ...set)), voip(noGroup, ...block('CarrierHostName', noSet))];
    for (const CarrierHostName of ['', 'sip.example.net']) expect(problems(onboarding, cleanup, { CarrierHostName })).toEqual([]);
    expect(problems(onboarding, voip(noGroup), { CarrierHostName: '' })).toEqual([]);
    expect(problems(onboarding, voip(noGroup), { CarrierHostName: 'sip.example.net' })).toHaveLength(1);
  });

  it.each([
    ['the block', [...block('CarrierHostName', ...set), ...block('BackupHostName', ...group)], 'CarrierHostName'],
    ['the inner one of two blocks', [...group, ...block('BackupHostName', ...block('CarrierHostName', ...set))], 'CarrierHostName'],
    ['the outer one of two blocks', [...group, ...block('CarrierHostName', ...set, ...block('BackupHostName', 'ip-profile new', 'profile-name "{{IpGroupName}}"', 'activate', 'exit'))], 'CarrierHostName'],
    ['the block, whatever it needs', [...group, ...block('CarrierHostName', ...set.toSpliced(2, 0, 'proxy-keep-alive-time {{KeepAlive}}', 'dns-resolve-method {{CarrierHostName}}'))], 'CarrierHostName'],
  ])('do not when the cleanup always removes what a block makes, and %s is named', (_name, lines, name) => {
    expect(problems(voip(...lines), voip(noSet), { CarrierHostName: '', BackupHostName: '' })).toContain(
      `removes proxy-set "Northwind7", which the onboarding script creates in {{#if ${name}}} alone: put the removal into the same {{#if ${name}}}`);
  });
});
