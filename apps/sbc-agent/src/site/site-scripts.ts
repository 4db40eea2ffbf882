import type { CustomerCreated } from '@trunkline/contracts';
import {
  checkRendered, type DeviceLimits, parseTemplate, passwordsIn, renderCommands, RenderError, type RenderedScript, rowText, scriptText, strayRemovals,
} from '@trunkline/scripts';
import type { Secrets } from '@trunkline/secrets';
import { PermanentError } from '@trunkline/steps';

import type { SiteScripts } from './site-work.js';

/**
 * Renders a job's pinned templates with its values.
 * @throws PermanentError `SCRIPT_NOT_RENDERED` when a value or a template does not fit: trying again changes nothing
 */
export async function renderSite(event: CustomerCreated, secrets: Secrets, limits: DeviceLimits): Promise<SiteScripts> {
  const { cleanup, onboarding, sealedValues, values } = event.data.script;
  const { customerGuid } = event.data.ticket;
  const secretValues = sealedValues === undefined ? {} : await openValues(secrets, sealedValues);
  const all = { ...values, ...secretValues };
  const on = rendered('onboarding', onboarding, all, customerGuid, limits);
  const off = rendered('cleanup', cleanup, all, customerGuid, limits);
  const [stray] = strayRemovals(off.removes, on.rows);
  return {
    onboarding: on.text, cleanup: off.text, rows: on.rows, removes: off.removes, secrets: [...Object.values(secretValues), ...passwordsIn(on.text)],
    problems: [
      ...problemsOf(`Onboarding script ${onboarding.id}`, on), ...problemsOf(`Cleanup script ${cleanup.id}`, off),
      ...stray ? [`Cleanup script ${cleanup.id} removes ${rowText(stray)}, which the onboarding script does not create`] : [],
    ],
  };
}

function rendered(
  kind: 'onboarding' | 'cleanup', { id, text }: { readonly id: number; readonly text: string }, values: Readonly<Record<string, string>>, customerGuid: string,
  limits: DeviceLimits,
): RenderedScript & { readonly text: string } {
  const parsed = parseTemplate(text);
  if (!parsed.ok) throw new PermanentError('SCRIPT_NOT_RENDERED', `Script ${id} is not a valid template: ${parsed.errors.map(({ line, message }) => `line ${line}: ${message}`).join('; ')}`);
  try {
    const commands = renderCommands(parsed.template, values);
    return { ...checkRendered(kind, commands, customerGuid, limits), text: scriptText(commands) };
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
