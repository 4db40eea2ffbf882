/** Limits that several places keep. Lengths are in UTF-16 units. */

/** Problems of one request, in an answer and in a message. */
export const maxFieldProblems = 128;
/** Objects and lists inside each other, in JSON of others. */
export const maxJsonDepth = 32;
/** Text of a script, as a template and rendered. */
export const maxScriptBytes = 256 * 1024;
/** The line of a failure, in an event and in the answer. */
export const maxReasonLength = 1024;
/** What an operator gives as a reason. */
export const maxOperatorReasonLength = 512;
/** Ids in one question about deployments. */
export const maxDeploymentsAsked = 500;

/** Lower case, 8-4-4-4-12. Microsoft's tenant ids need not be UUIDs of a known version. */
export const guidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
