export { CreateCustomerRequest } from './customer/create-customer-request.js';
export { CustomerCreateAccepted } from './customer/customer-create-accepted.js';
export { CustomerCreateRejected } from './customer/customer-create-rejected.js';
export { CustomerCreateRequested } from './customer/customer-create-requested.js';
export { CustomerCreated, type ScriptJob } from './customer/customer-created.js';
export { CustomerDeleteAccepted } from './customer/customer-delete-accepted.js';
export { CustomerDeleteRequested } from './customer/customer-delete-requested.js';
export { builtinParameter, builtinParameterNames, canonicalParameter, isHarmlessParameter, variableNumber } from './customer/rules/builtin-parameters.js';
export { trimBlanks } from './customer/rules/names.js';
export { consumersTenantId, zeroTenantId } from './customer/rules/tenant.js';
export { candidateProblems, type VariableField, variablePath, variableProblems } from './customer/rules/variables.js';
export { type CreateCustomerResult, validateCreateCustomer } from './customer/validate-create-customer.js';
export { allowedActions, type DeploymentAction, deploymentActions } from './deployment/actions.js';
export { DeploymentAbandoned } from './deployment/deployment-abandoned.js';
export { DeploymentCompleted, type Outcome } from './deployment/deployment-completed.js';
export { DeploymentProgressed } from './deployment/deployment-progressed.js';
export { type Deployment, type DeploymentState, isAnswered, isEnd } from './deployment/deployment.js';
export {
  customerGuidOf, deleteDeploymentId, deploymentIdOf, eventIdOf, keyedDeploymentId, publishedDeploymentId, siteGuidOf, taskIdOf,
} from './deployment/ids.js';
export { RequestRefused } from './deployment/request-refused.js';
export { type SbcDeploymentState, sbcStateOf, taskStatusOf } from './deployment/states.js';
export { inspectJson, isJsonObject, type JsonObject, safeEntries, unknownProperty } from './json/inspect-json.js';
export { readJsonBytes } from './json/json-bytes.js';
export { jsonMediaType } from './json/media-type.js';
export { repeatedNameProblems } from './json/repeated-names.js';
export { guidPattern, maxDeploymentsAsked, maxFieldProblems, maxOperatorReasonLength, maxReasonLength, maxScriptBytes } from './limits.js';
export type { UndoCause } from './message/event-data.js';
export { cloudEventsContentType, gatewaySource, Message, type MessageOf, routingKeyOf } from './message/message.js';
export type { ProgressEntry } from './message/progress-entry.js';
export {
  cacProfileHasNoEffect, cleanupScriptNotRelated, customerDataCreated, sbcCleanupDone, sbcCleanupFailed, sbcOnboardingDone, sbcOnboardingFailed,
  siteCreatedInOvoc, siteNotCreatedInOvoc, siteNotRemovedFromOvoc, tenantIsValid,
} from './message/progress-texts.js';
export type { DeploymentRef, OvocCustomerType, Ticket } from './message/ticket.js';
export { OvocCleaned } from './ovoc/ovoc-cleaned.js';
export { OvocCleanupFailed } from './ovoc/ovoc-cleanup-failed.js';
export { OvocCleanupRequested } from './ovoc/ovoc-cleanup-requested.js';
export { OvocSiteCreated } from './ovoc/ovoc-site-created.js';
export { OvocSyncFailed } from './ovoc/ovoc-sync-failed.js';
export { eventOrder } from './process/event-order.js';
export { fold, inOrder, withoutGaps } from './process/fold.js';
export { onboarding } from './process/onboarding.process.js';
export { serviceNamed, type ServiceName, serviceNames, services, type ServiceSchema } from './process/services.js';
export {
  type DeploymentEventMessage, type DeploymentEventType, type ProcessStep, stepOf, stepReportTypes, type StepRequest, stepRequestTypes, steps, stepsOf,
  undoOrder,
} from './process/steps.js';
export { type ErrorCode, statusOf } from './problem/error-codes.js';
export { fieldProblem, memberPath, propertyPath } from './problem/field-problem-of.js';
export type { FieldProblem } from './problem/field-problem.js';
export { problem, problemContentType, type ProblemFacts } from './problem/problem.js';
export {
  type DeadLetterKey, type DeadLetterKeys, type DeadLetterPage, deadLetterQuestions, type DeadLetterState,
  deadLetterStates, type DeadLetterView, type DropAnswer, mostDeadLetters, type ReturnAnswer,
} from './queries/dead-letters.js';
export {
  type ActionAnswer, actOnDeployment, checkOvocReferences, type CustomerBrief, type CustomerVariableView, type CustomerView, type DeploymentView, getCustomer,
  getDeployments, getScaling, getStanding, listCustomers, listSbcs, listScriptTemplates, type SbcView, type ScalingView, type ScriptTemplateView,
  type StandingView,
} from './queries/queries.js';
export { type AnswerOf, queriesOf, type QuestionOf } from './queries/query.js';
export { SbcCleaned } from './sbc/sbc-cleaned.js';
export { SbcCleanupFailed } from './sbc/sbc-cleanup-failed.js';
export { SbcCleanupRequested } from './sbc/sbc-cleanup-requested.js';
export { SbcOnboarded } from './sbc/sbc-onboarded.js';
export { SbcOnboardingFailed } from './sbc/sbc-onboarding-failed.js';
export { forbiddenCharacter } from './text/forbidden-character.js';
export { quoted } from './text/printable.js';
export { decode, encode, messageOf } from './wire/codec.js';
export { schemasOf } from './wire/message-schemas.js';
export { messageClasses, receiptOf, requestClasses } from './wire/registry.js';
