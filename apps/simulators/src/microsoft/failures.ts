import { randomUUID } from 'node:crypto';
import { type Answer, json } from '../peer/answer.js';
import type { Block } from './directory.js';

/** A refusal in the form of the login service: a code, and a sentence of several lines. */
export function refusal(status: number, error: string, code: number, sentence: string): Answer {
  const [traceId, correlationId] = [randomUUID(), randomUUID()];
  const timestamp = new Date().toISOString().replace('T', ' ').replace(/\.\d+Z$/, 'Z');
  return json(status, {
    error,
    error_description: `AADSTS${code}: ${sentence} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`
      .replace(' Trace ID', '\r\nTrace ID').replace(' Correlation ID', '\r\nCorrelation ID').replace(' Timestamp:', '\r\nTimestamp:'),
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  });
}

/** Why a name is no tenant's. */
export function unknownTenant(named: string): Answer {
  if (/^[0-]{36}$/.test(named) && isGuid(named)) {
    return refusal(400, 'invalid_request', 900021, `Requested tenant identifier '${named}' is not valid. Tenant identifiers may not be an empty GUID.`);
  }
  if (isGuid(named) || isDomain(named)) {
    return refusal(400, isGuid(named) ? 'invalid_tenant' : 'invalid_request', 90002, `Tenant '${named}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`);
  }
  return refusal(400, 'invalid_request', 900023, `Specified tenant identifier '${named}' is neither a valid DNS name, nor a valid external domain.`);
}

/** Why a tenant that exists lets nobody in. */
export function blockedTenant(block: Block): Answer {
  return block === 'inactive'
    ? refusal(400, 'invalid_request', 5000225, 'This tenant has been blocked due to inactivity.')
    : refusal(400, 'invalid_request', 5000224, 'We are sorry, this resource is not available.');
}

export function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

function isDomain(text: string): boolean {
  return /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i.test(text);
}
