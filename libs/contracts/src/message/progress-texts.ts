import { maxReasonLength } from '../limits.js';
import type { ProgressEntry, ProgressLevel } from './progress-entry.js';
import { oneLine } from '../text/printable.js';

// Clients compare these texts: letter by letter the contract's. A site's name is the short name for a customer's first site.
const entry = (level: ProgressLevel, message: string): ProgressEntry => ({ level, message });
const short = (reason: string): string => oneLine(reason, maxReasonLength);

export const tenantIsValid: ProgressEntry = entry('Information', 'MsTenantid is valid');
export const customerDataCreated: ProgressEntry = entry('Information', 'Customer data created!');
export const siteCreatedInOvoc: ProgressEntry = entry('Information', 'Site created in Ovoc');

export const sbcOnboardingDone = (siteName: string): ProgressEntry => entry('Information', `SBC sbc-onboarding done for site ${siteName}.`);
export const sbcOnboardingFailed = (siteName: string, reason: string): ProgressEntry =>
  entry('Error', `SBC sbc-onboarding failed for site ${siteName}: ${short(reason)}`);

export const sbcCleanupDone = (siteName: string): ProgressEntry => entry('Warning', `SBC sbc-cleanup done for site ${siteName}.`);
export const sbcCleanupFailed = (siteName: string, reason: string): ProgressEntry =>
  entry('Error', `SBC sbc-cleanup failed for site ${siteName}: ${short(reason)}`);

export const siteNotCreatedInOvoc = (reason: string): ProgressEntry => entry('Error', `Site not created in Ovoc: ${short(reason)}`);
export const siteNotRemovedFromOvoc = (reason: string): ProgressEntry => entry('Error', `Site not removed from Ovoc: ${reason}`);

export const cleanupScriptNotRelated = (cleanupScript: number, onboardingScript: number): ProgressEntry =>
  entry('Warning', `Cleanup script ${cleanupScript} is not related to onboarding script ${onboardingScript}`);

/** All tenants of a `TENANT_TYPE` SBC share one group on the Teams side, where a profile of one of them has no place. */
export const cacProfileHasNoEffect: ProgressEntry = entry('Warning', 'CacProfile does not limit the calls of a customer of TENANT_TYPE');
