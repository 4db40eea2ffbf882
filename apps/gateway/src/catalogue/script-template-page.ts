import { type FieldProblem, fieldProblem, type ScriptTemplateView } from '@trunkline/contracts';

import { readFlag, readNumber } from '../reads/query-parameters.js';

const kinds: ReadonlyMap<string, readonly number[] | undefined> = new Map([['any', undefined], ['sbc', [0, 1, 2]], ['m365', [3, 4]]]);
const largestPage = 1_000;

export interface ScriptTemplateQuestion {
  /** Numbers of the kinds asked for; undefined for all. */
  readonly scriptTypes: readonly number[] | undefined;
  readonly allDetails: boolean;
  /** From 0. */
  readonly pageNumber: number;
  readonly pageSize: number;
}

export type ReadQuestion = { readonly ok: true; readonly question: ScriptTemplateQuestion } | { readonly ok: false; readonly errors: readonly FieldProblem[] };

export function readScriptTemplateQuestion(query: Readonly<Record<string, unknown>>): ReadQuestion {
  const scriptType = query['scriptType'] ?? 'Any';
  const kind = typeof scriptType === 'string' ? scriptType.toLowerCase() : '';
  const allDetails = readFlag(query, 'allDetails');
  const pageNumber = readNumber(query, 'pageNumber', { min: 0, max: 1_000_000, otherwise: 0 });
  const pageSize = readNumber(query, 'pageSize', { min: 1, max: largestPage, otherwise: 10 });
  if (kinds.has(kind) && allDetails.ok && pageNumber.ok && pageSize.ok) {
    return { ok: true, question: { scriptTypes: kinds.get(kind), allDetails: allDetails.value, pageNumber: pageNumber.value, pageSize: pageSize.value } };
  }
  const errors = [allDetails, pageNumber, pageSize].flatMap((read) => (read.ok ? [] : [read.problem]));
  return { ok: false, errors: kinds.has(kind) ? errors : [fieldProblem('scriptType', 'BAD_REQUEST', 'scriptType must be Any, SBC or M365.'), ...errors] };
}

export interface ScriptTemplatePage {
  /** On all pages. */
  readonly total: number;
  readonly page: readonly object[];
}

/** One page of the templates, by id. */
export function scriptTemplatePage(templates: readonly ScriptTemplateView[], question: ScriptTemplateQuestion): ScriptTemplatePage {
  const { allDetails, pageNumber, pageSize, scriptTypes } = question;
  const wanted = templates.filter(({ scriptType }) => scriptTypes?.includes(scriptType) ?? true).sort((a, b) => a.id - b.id);
  const page = wanted.slice(pageNumber * pageSize, (pageNumber + 1) * pageSize);
  return { total: wanted.length, page: page.map((template) => templateView(template, allDetails)) };
}

function templateView({ customerVariables, id, name, relatedScripts, script, scriptType }: ScriptTemplateView, allDetails: boolean): object {
  return {
    id, name, scriptType, description: null, script: allDetails ? script : null,
    customerVariables: customerVariables.map((variable) => variable.name),
    relatedScripts: relatedScripts.map(({ key, value }) => ({ key, value })),
  };
}
