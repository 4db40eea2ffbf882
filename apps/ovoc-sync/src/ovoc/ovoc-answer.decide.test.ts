import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decideOvocAnswer, type OvocExchange, type OvocMeaning, type OvocOperation } from './ovoc-answer.decide.js';

interface AnswerFile {
  readonly plural: string;
  readonly cases: readonly { readonly name: string; readonly operation: OvocOperation; readonly exchange: OvocExchange; readonly expected: OvocMeaning }[];
}

const folder = join(import.meta.dirname, 'answers');

describe.each(readdirSync(folder).map((file) => [file.replace('.json', ''), file] as const))('answer of OVOC: %s', (_title, file) => {
  const { plural, cases } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as AnswerFile;

  it.each(cases.map((answer) => [answer.name, answer] as const))('%s', (_name, { operation, exchange, expected }) => {
    expect(decideOvocAnswer(operation, plural, exchange)).toEqual(expected);
  });
});
