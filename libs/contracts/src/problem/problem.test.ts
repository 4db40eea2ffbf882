import { describe, expect, it } from 'vitest';

import { errorStatuses, statusOf } from './error-codes.js';
import { fieldProblem, memberPath, propertyPath } from './field-problem-of.js';
import { problem } from './problem.js';

const facts = { instance: '/api/v2/customer', traceId: '4bf92f3577b34da6a3ce929d0e0e4736', errorTicket: '0f6c7a1e-0000-4000-8000-000000000001' };

describe('the body of a refusal', () => {
  it('is the documented one', () => {
    const error = fieldProblem('shortName', 'SHORT_NAME_LENGTH', 'shortName must be 3-15 characters.');
    expect(problem({ ...facts, status: 400, errorCode: error.code, detail: error.message, errors: [error] })).toEqual({
      type: 'https://errors.example/validation', title: 'Bad Request', status: 400, detail: 'shortName must be 3-15 characters.', instance: '/api/v2/customer',
      errorCode: 'SHORT_NAME_LENGTH', errorTicket: facts.errorTicket, traceId: facts.traceId,
      errors: [{ field: 'shortName', code: 'SHORT_NAME_LENGTH', message: 'shortName must be 3-15 characters.' }],
    });
  });

  it('has no list of errors when nothing in the body is wrong', () => {
    expect(problem({ ...facts, status: 503, errorCode: 'SERVICE_UNAVAILABLE', detail: 'Try again later.', errors: [] })).not.toHaveProperty('errors');
  });

  it.each([...new Set(Object.values(errorStatuses))])('has a title and a type of its own for %i', (status) => {
    const { title, type } = problem({ ...facts, status, errorCode: 'X', detail: 'x' });
    expect(title).toMatch(/^[A-Z]/);
    expect(type).toMatch(/^https:\/\/errors\.example\/[a-z-]+$/);
  });
});

describe('the status of an error code', () => {
  it.each([
    ['MALFORMED_JSON', 400], ['UNSUPPORTED_MEDIA_TYPE', 415], ['BODY_TOO_LARGE', 413], ['HEADERS_TOO_LARGE', 431], ['REQUEST_TIMEOUT', 408], ['EXPECTATION_FAILED', 417], ['REQUIRED', 400], ['UNKNOWN_PROPERTY', 400],
    ['SHORT_NAME_LENGTH', 400], ['SHORT_NAME_CHARACTERS', 400], ['SHORT_NAME_RESERVED', 400], ['SHORT_NAME_NOT_UNIQUE', 409],
    ['FULL_NAME_LENGTH', 400], ['FULL_NAME_CHARACTERS', 400], ['SITE_LOCATION_TYPE', 400], ['SITE_LOCATION_COUNT', 400],
    ['SBC_NOT_FOUND', 400], ['SCRIPT_NOT_FOUND', 400], ['SCRIPT_WRONG_KIND', 400], ['OVOC_CUSTOMER_TYPE', 400],
    ['MS_TENANT_ID_FORMAT', 400], ['MS_TENANT_ID_REQUIRED', 400], ['MS_TENANT_ID_NOT_FOUND', 400], ['MS_TENANT_ID_NOT_ALLOWED', 400],
    ['MS_TENANT_CHECK_UNAVAILABLE', 503], ['CHANNEL_NOT_FOUND', 400], ['LC_CUSTOMER_NOT_FOUND', 400], ['CHANNEL_MISMATCH', 400],
    ['UNKNOWN_SCRIPT_PARAMETER', 400], ['MISSING_SCRIPT_PARAMETER', 400], ['SCRIPT_PARAMETER_VALUE', 400], ['SCRIPT_PARAMETER_CONFLICT', 400],
    ['IDEMPOTENCY_KEY_REUSED', 422], ['IP_GROUP_CONFLICT', 409],
  ])('of %s is %i', (code, status) => {
    expect(statusOf(code)).toBe(status);
  });

  it('of a code that is not known is 400', () => {
    expect([statusOf('CODE_OF_A_LATER_BUILD'), statusOf('constructor')]).toEqual([400, 400]);
  });
});

describe('paths of fields', () => {
  it.each([
    [propertyPath('', 'shortName'), 'shortName'],
    [propertyPath('siteLocation', 'sbcId'), 'siteLocation.sbcId'],
    [propertyPath('', 'IPPBX-ProxyAddress'), 'IPPBX-ProxyAddress'],
    [propertyPath('', 'odd name'), '["odd name"]'],
    [propertyPath('a', '\u0000'), 'a["\\u0000"]'],
    [propertyPath('', 'x'.repeat(1000)), `["${'x'.repeat(64)}…"]`],
    [memberPath('scriptParameters', 'CacProfile'), 'scriptParameters["CacProfile"]'],
  ])('are written as %s', (path, text) => {
    expect(path).toBe(text);
  });

  it('and messages stay inside the limits of a message', () => {
    const { field, message } = fieldProblem(memberPath('a', '\u{10fffd}'.repeat(100)), 'REQUIRED', 'x'.repeat(5000));
    expect(field.length).toBeLessThanOrEqual(512);
    expect(message).toHaveLength(1024);
  });
});
