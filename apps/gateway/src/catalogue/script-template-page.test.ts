import type { ScriptTemplateView } from '@trunkline/contracts';
import { describe, expect, it } from 'vitest';

import { readScriptTemplateQuestion, scriptTemplatePage } from './script-template-page.js';

const template = (id: number, scriptType: number): ScriptTemplateView => ({
  id, name: `s${id}`, scriptType, version: 1, script: 'configure voip', relatedScripts: [{ key: 700, value: 's700' }],
  customerVariables: [{ name: 'A', secret: true, defaultValue: null, valueKind: 'text' }, { name: 'B', secret: false, defaultValue: 'x', valueKind: 'text' }],
});
const templates = [template(700, 2), template(7, 1), template(5000, 0), template(5002, 3), template(5003, 4)];

function pageOf(query: Record<string, unknown>) {
  const read = readScriptTemplateQuestion(query);
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  const { page, total } = scriptTemplatePage(templates, read.question);
  return { total, ids: page.map((each) => ('id' in each ? each.id : undefined)), page };
}

describe('a page of script templates', () => {
  it.each([
    ['all by id unless asked otherwise', {}, [7, 700, 5000, 5002, 5003], 5],
    ['those of the SBC', { scriptType: 'sbc' }, [7, 700, 5000], 3],
    ['those of Microsoft 365', { scriptType: 'M365' }, [5002, 5003], 2],
    ['the second page', { pageNumber: '1', pageSize: '2' }, [5000, 5002], 5],
    ['nothing behind the last page', { pageNumber: '9' }, [], 5],
  ])('holds %s', (_name, query, ids, total) => {
    expect(pageOf(query)).toMatchObject({ ids, total });
  });

  it('shows script texts only with all details', () => {
    expect(pageOf({}).page[0]).toEqual({
      id: 7, name: 's7', scriptType: 1, description: null, script: null, customerVariables: ['A', 'B'], relatedScripts: [{ key: 700, value: 's700' }],
    });
    expect(pageOf({ allDetails: 'True' }).page[0]).toMatchObject({ script: 'configure voip' });
  });

  it('is refused with all that is wrong with the question', () => {
    const read = readScriptTemplateQuestion({ scriptType: 'x', allDetails: ['true', 'false'], pageNumber: '-1', pageSize: '0' });
    expect(read.ok || read.errors.map(({ field }) => field)).toEqual(['scriptType', 'allDetails', 'pageNumber', 'pageSize']);
  });
});
