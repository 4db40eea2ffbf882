import { stepOf } from '@trunkline/contracts';
import { stepHandlers } from '@trunkline/steps';

/** Turns messages into jobs of their device. */
export const SiteHandlers = stepHandlers(stepOf('sbc-agent'), { forward: 'sbc-onboarding', undo: 'sbc-cleanup', laneOf: ({ sbc }) => String(sbc.id) });
