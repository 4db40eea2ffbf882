import { Id } from './rules/id.js';
import { Required } from './rules/rule.js';

/** One SBC configuration of a customer, by the ids of the catalogue. */
export class SiteLocation {
  @Required('REQUIRED', 'siteLocation.sbcId') @Id('siteLocation.sbcId')
  sbcId: number;

  @Required('REQUIRED', 'siteLocation.sbcOnboardingScript') @Id('siteLocation.sbcOnboardingScript')
  sbcOnboardingScript: number;

  @Required('REQUIRED', 'siteLocation.sbcCleanupScript') @Id('siteLocation.sbcCleanupScript')
  sbcCleanupScript: number;
}
