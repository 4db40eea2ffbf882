import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideAnswer } from './device-answer.decide.js';
import type { AnswerVerdict, DeviceAnswer, DeviceRequest } from './device-answer.decide.js';

interface AnswerCase {
  readonly name: string;
  readonly request: DeviceRequest;
  readonly answer: DeviceAnswer;
  readonly verdict: AnswerVerdict;
}

const folder = join(import.meta.dirname, 'answers');
const cases = readdirSync(folder).sort().map((file): [string, string, AnswerCase] => {
  const read = JSON.parse(readFileSync(join(folder, file), 'utf8')) as AnswerCase;
  const subject = { script: 'a script', read: 'a configuration', status: 'a status', save: 'a configuration' }[read.request.operation];
  return [`${subject} ${read.name}`, file, read];
});

describe('a recorded answer of a device', () => {
  it.each(cases)('%s (%s)', (_name, _file, { request, answer, verdict }) => {
    const decided = decideAnswer(request, answer);
    if (verdict.kind === 'good') expect(decided).toMatchObject(verdict);
    else expect(decided).toEqual(verdict);
  });
});

describe('the decision about a device\'s answer', () => {
  const script = { operation: 'script', script: 'configure voip\n password "s3cret"\nexit\n', secrets: ['s3cret'] } as const;

  it('always ends in a verdict whose text fits a progress entry and holds no secret', () => {
    const body = fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.array(fc.constantFrom('s3cret', 'error', 'line 3', ');(', '{"status":"no","output":"', '\n', 'password "s3cret"', ' ')).map((all) => all.join('')));
    fc.assert(fc.property(body, fc.integer({ min: 200, max: 599 }), fc.constantFrom('application/json', 'text/plain', ''), (text, status, contentType) => {
      const verdict = decideAnswer(script, { phase: 'answered', status, contentType, body: text, isLengthKnown: true });
      if (verdict.kind === 'good') return;
      expect(verdict.message).not.toContain('s3cret');
      expect(verdict.message).not.toMatch(/\p{Cc}|\);\(/u);
      expect(verdict.message.length).toBeLessThan(220);
    }), { numRuns: 2000 });
  });

  it('goes by the markers it is given', () => {
    const answer = { phase: 'answered', status: 200, contentType: 'text/plain', body: 'Fehler in Zeile 2', isLengthKnown: true } as const;
    expect(decideAnswer(script, answer).kind).toBe('good');
    expect(decideAnswer(script, answer, ['fehler']).kind).toBe('permanent');
    expect(decideAnswer(script, { ...answer, body: 'error' }, []).kind).toBe('good');
  });
});
