import type { CustomerCreated } from '@trunkline/contracts';
import { ownerTag, parseTemplate, RenderError, renderScript, rowsOfScript, ScriptShapeError, strayRemovals, type Template } from '@trunkline/scripts';
import type { Secrets } from '@trunkline/secrets';
import { PermanentError } from '@trunkline/steps';

import type { SiteScripts } from './site-work.js';

/** The tag that marks a customer's rows on a device. */
export const markOf = (customerGuid: string): string => ownerTag(customerGuid);

/**
 * Renders a job's pinned templates with its values.
 * @throws PermanentError `SCRIPT_NOT_RENDERED` when a value or a template does not fit: trying again changes nothing
 */
export async function renderSite(event: CustomerCreated, secrets: Secrets): Promise<SiteScripts> {
  const { cleanup, onboarding, sealedValues, values } = event.data.script;
  const secretValues = sealedValues === undefined ? {} : await openValues(secrets, sealedValues);
  const all = { ...values, ...secretValues };
  try {
    const onboardingText = renderScript(templateOf(onboarding), all);
    const cleanupText = renderScript(templateOf(cleanup), all);
    const { rows } = rowsOfScript(onboardingText);
    const { removes } = rowsOfScript(cleanupText);
    const [stray] = strayRemovals(removes, rows);
    if (stray) throw new PermanentError('SCRIPT_NOT_RENDERED', `Cleanup script ${cleanup.id} removes ${stray.table} "${stray.name}", which the onboarding script does not create`);
    return { onboarding: onboardingText, cleanup: cleanupText, rows, removes, secrets: Object.values(secretValues) };
  } catch (error) {
    if (error instanceof RenderError || error instanceof ScriptShapeError) throw new PermanentError('SCRIPT_NOT_RENDERED', error.message, { cause: error });
    throw error;
  }
}

async function openValues(secrets: Secrets, sealed: string): Promise<Record<string, string>> {
  const opened = await secrets.open(sealed);
  return Object.fromEntries(Object.entries(opened).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function templateOf({ id, text }: { readonly id: number; readonly text: string }): Template {
  const parsed = parseTemplate(text);
  if (!parsed.ok) throw new PermanentError('SCRIPT_NOT_RENDERED', `Script ${id} is not a valid template: ${parsed.errors.map(({ line, message }) => `line ${line}: ${message}`).join('; ')}`);
  return parsed.template;
}
