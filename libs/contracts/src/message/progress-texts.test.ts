import { describe, expect, it } from 'vitest';

import * as texts from './progress-texts.js';

describe('progress texts', () => {
  it.each([
    [texts.cleanupScriptNotRelated(700, 8), 'Warning', 'Cleanup script 700 is not related to onboarding script 8'],
    [texts.sbcOnboardingFailed('N7', 'SBC rejected script at line 3: Invalid'), 'Error', 'SBC sbc-onboarding failed for site N7: SBC rejected script at line 3: Invalid'],
    [texts.sbcCleanupDone('N7'), 'Warning', 'SBC sbc-cleanup done for site N7.'],
    [texts.sbcCleanupFailed('N7', 'SBC unreachable'), 'Error', 'SBC sbc-cleanup failed for site N7: SBC unreachable'],
    [texts.siteNotCreatedInOvoc('OVOC unreachable'), 'Error', 'Site not created in Ovoc: OVOC unreachable'],
  ])('are the catalogue\'s: %j', (entry, level, message) => {
    expect(entry).toEqual({ level, message });
  });

  it('keep a peer\'s long answer on one short line', () => {
    const { message } = texts.sbcOnboardingFailed('N7', `first\r\n  second\n${'x'.repeat(5000)}`);
    expect(message).toMatch(/^SBC sbc-onboarding failed for site N7: first second x+…$/);
    expect(message.length).toBeLessThan(1100);
  });
});
