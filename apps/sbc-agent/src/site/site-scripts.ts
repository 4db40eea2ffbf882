import type { CustomerCreated } from '@trunkline/contracts';
import {
  checkRendered, type DeviceLimits, pairProblems, type ParsedTemplate, parseTemplate, passwordsIn, renderCommands, RenderError, type RenderedScript, scriptText,
  type Template,
} from '@trunkline/scripts';
import type { Secrets } from '@trunkline/secrets';
import { PermanentError } from '@trunkline/steps';

import type { SiteScripts } from './site-work.js';

/**
 * Renders a job's pinned templates with its values. Those of a customer that may be on the device are also understood as the version that pinned them did.
 * @throws PermanentError `SCRIPT_NOT_RENDERED` when a value or a template does not fit: trying again changes nothing
 */
export async function renderSite(event: CustomerCreated, secrets: Secrets, limits: DeviceLimits, isOnDevice: boolean): Promise<SiteScripts> {
  const { cleanup, onboarding, sealedValues, values } = event.data.script;
  const { customerGuid } = event.data.ticket;
  const secretValues = sealedValues === undefined ? {} : await openValues(secrets, sealedValues);
  const all = { ...values, ...secretValues };
  const render = (kind: 'onboarding' | 'cleanup', { id, text }: { readonly id: number; readonly text: string }): Rendered => {
    const readings = (/* safeguard: earlier-language */ isOnDevice ? languagesOf(values) : [{}]).map((language) => parseTemplate(text, language));
    const scripts = readings.flatMap((parsed) => (parsed.ok ? [rendered(kind, parsed.template, all, customerGuid, limits)] : []));
    const script = scripts.find(({ problems }) => problems.length === 0) ?? scripts[0];
    if (!script) throw new PermanentError('SCRIPT_NOT_RENDERED', `Script ${id} is not a valid template: ${errorsOf(readings[0])}`);
    return script;
  };
  const on = render('onboarding', onboarding);
  const off = render('cleanup', cleanup);
  const [unpaired] = pairProblems({ rows: on.rows, removes: off.removes, template: on.template, values: all });
  return {
    onboarding: on.text, cleanup: off.text, rows: on.rows, removes: off.removes, secrets: [...Object.values(secretValues), ...passwordsIn(on.text)],
    problems: [
      ...problemsOf(`Onboarding script ${onboarding.id}`, on), ...problemsOf(`Cleanup script ${cleanup.id}`, off),
      ...unpaired === undefined ? [] : [`Cleanup script ${cleanup.id} ${unpaired}`],
    ],
  };
}

type Rendered = RenderedScript & { readonly template: Template; readonly text: string };

/** The languages a pinned template may be in, the likelier one first: versions that pinned no owner mark took `#` and `?` for characters like others. */
function languagesOf(values: Readonly<Record<string, string>>): readonly { readonly hasPlainSigns: boolean }[] {
  const isEarlier = !Object.hasOwn(values, 'OwnerMark');
  return [{ hasPlainSigns: isEarlier }, { hasPlainSigns: !isEarlier }];
}

function errorsOf(parsed: ParsedTemplate | undefined): string {
  return parsed?.ok === false ? parsed.errors.map(({ line, message }) => `line ${line}: ${message}`).join('; ') : '';
}

function rendered(kind: 'onboarding' | 'cleanup', template: Template, values: Readonly<Record<string, string>>, customerGuid: string, limits: DeviceLimits): Rendered {
  try {
    const commands = renderCommands(template, values);
    return { ...checkRendered(kind, commands, customerGuid, limits), template, text: scriptText(commands) };
  } catch (error) {
    if (error instanceof RenderError) throw new PermanentError('SCRIPT_NOT_RENDERED', error.message, { cause: error });
    throw error;
  }
}

function problemsOf(script: string, { problems }: RenderedScript): string[] {
  return problems.map(({ line, message }) => `${script}, line ${line}: ${message}`);
}

async function openValues(secrets: Secrets, sealed: string): Promise<Record<string, string>> {
  const opened = await secrets.open(sealed);
  return Object.fromEntries(Object.entries(opened).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
