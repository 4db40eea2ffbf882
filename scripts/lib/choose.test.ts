import { describe, expect, it } from 'vitest';

import { brokerChoices, databaseChoice, noBrokerMessage } from './choose.mjs';

const nothing = { amqpUrl: undefined, isDockerUsable: false, isInstalled: false, isUnpacked: false, hasApt: false };

describe('the choice of a broker', () => {
  it.each([
    ['is the URL that was given, whatever else there is', { amqpUrl: 'amqp://h', isDockerUsable: true, isInstalled: true, hasApt: true }, ['given']],
    ['is a Docker engine before packages', { isDockerUsable: true, isInstalled: true, hasApt: true }, ['docker', 'installed']],
    ['is installed packages before any that would have to be fetched', { isInstalled: true, hasApt: true }, ['installed']],
    ['is packages that are unpacked now', { hasApt: true }, ['unpack']],
    ['is what was unpacked before', { hasApt: true, isUnpacked: true }, ['unpacked']],
    ['is what was unpacked before also where apt has gone', { isUnpacked: true }, ['unpacked']],
    ['treats an empty URL as none', { amqpUrl: '', hasApt: true }, ['unpack']],
    ['is packages when Docker should fail', { isDockerUsable: true, hasApt: true }, ['docker', 'unpack']],
    ['is none on a machine that has nothing', {}, []],
  ])('%s', (_name, facts, expected) => {
    expect(brokerChoices({ ...nothing, ...facts })).toEqual(expected);
  });
});

describe('the choice of a database', () => {
  it.each([
    ['is the URL that was given', 'postgres://h/d', 'given'],
    ['is the embedded server otherwise', undefined, 'embedded'],
    ['is the embedded server when the URL is empty', '', 'embedded'],
  ])('%s', (_name, databaseUrl, expected) => {
    expect(databaseChoice({ databaseUrl })).toBe(expected);
  });
});

describe('the message when there is no broker', () => {
  it.each([
    ['says that there is no way', [], 'no Docker engine answers'],
    ['says what was tried', ['unpack: no network'], '- unpack: no network'],
  ])('%s and how to help', (_name, failures, expected) => {
    expect(noBrokerMessage(failures)).toContain(expected);
    expect(noBrokerMessage(failures)).toContain('AMQP_URL=amqp://');
  });
});
