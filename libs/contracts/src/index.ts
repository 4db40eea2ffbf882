export { type CreateCustomerAnswer, createCustomerAnswer, type CreatedCustomer } from './customer/answer/create-customer-answer.js';
export { printProgress } from './customer/answer/print-progress.js';
export {
  cacProfileHasNoEffect, cleanupScriptNotRelated, customerDataCreated, sbcCleanupDone, sbcCleanupFailed, sbcOnboardingDone, sbcOnboardingFailed,
  siteCreatedInOvoc,
  siteNotCreatedInOvoc, tenantIsValid,
} from './customer/answer/progress-texts.js';
export { CreateCustomerRequest } from './customer/create-customer-request.js';
export { CustomerCreateAccepted } from './customer/customer-create-accepted.js';
export { CustomerCreateRejected } from './customer/customer-create-rejected.js';
export { CustomerCreateRequested } from './customer/customer-create-requested.js';
export { CustomerCreated, type PinnedScript, type ScriptJob } from './customer/customer-created.js';
export { CustomerDeleteAccepted } from './customer/customer-delete-accepted.js';
export { CustomerDeleteRequested } from './customer/customer-delete-requested.js';
export { type CreateCustomerResult, validateCreateCustomer } from './customer/validate-create-customer.js';
export { parseCreateCustomer } from './customer/parse-create-customer.js';
export { type DeclaredVariable, type Resolved, type ResolvedParameters, resolveScriptParameters } from './customer/script-parameters.js';
export { allowedActions, type DeploymentAction, deploymentActions } from './deployment/actions.js';
export { DeploymentAbandoned } from './deployment/deployment-abandoned.js';
export { DeploymentCompleted, type Outcome } from './deployment/deployment-completed.js';
export { notHandled } from './deployment/not-handled.js';
export { DeploymentProgressed } from './deployment/deployment-progressed.js';
export { type Deployment, type DeploymentState, isAnswered, isEnd } from './deployment/deployment.js';
export { type DeploymentEventMessage, places } from './deployment/events.js';
export { fold, inOrder, withoutGaps } from './deployment/fold.js';
export {
  customerGuidOf, deleteDeploymentId, deploymentIdOf, eventIdOf, keyedDeploymentId, publishedDeploymentId, siteGuidOf, taskIdOf,
} from './deployment/ids.js';
export { RequestRefused } from './deployment/request-refused.js';
export { createOutcome, type SbcDeploymentState, sbcDeploymentStates, sbcStateOf, type TaskStatus, taskStatusOf } from './deployment/states.js';
export { decode, type Decoded, encode, messageOf } from './message/codec.js';
export { type UndoCause } from './message/event-data.js';
export type { FieldProblem } from './message/field-problem.js';
export { readJsonBytes } from './message/json-bytes.js';
export { cloudEventsContentType, DeploymentEvent, gatewaySource, Message, routingKeyOf } from './message/message.js';
export { schemasOf } from './message/message-schemas.js';
export { type JsonPlace, repeatedNameProblems, repeatedNames } from './message/repeated-names.js';
export type { ProgressEntry, ProgressLevel } from './message/progress-entry.js';
export { eventClasses, messageClasses, type MessageOf, receiptOf, requestClasses } from './message/registry.js';
export type { DeploymentRef, OvocCustomerType, SbcRef, Ticket } from './message/ticket.js';
export {
  type DeadLetterKey, type DeadLetterKeys,
  type DeadLetterPage, deadLetterQuestions, type DeadLetterService, deadLetterServices, type DeadLetterState, deadLetterStates, type DeadLetterView,
  type DropAnswer, mostDeadLetters, type ReturnAnswer,
} from './queries/dead-letters.js';
export { type AnswerOf, type QuestionOf } from './queries/query.js';
export {
  type ActionAnswer,
  actOnDeployment,
  checkOvocReferences, type CustomerBrief, type CustomerVariableView, type CustomerView, type DeploymentView, getCustomer, getDeployments, getStanding,
  listCustomers,
  listSbcs, listScriptTemplates, type SbcView, type ScriptTemplateView, type SiteLocationView, type StandingView,
} from './queries/queries.js';
export { OvocCleaned } from './ovoc/ovoc-cleaned.js';
export { OvocCleanupFailed } from './ovoc/ovoc-cleanup-failed.js';
export { OvocCleanupRequested } from './ovoc/ovoc-cleanup-requested.js';
export { type OvocIds, OvocSiteCreated } from './ovoc/ovoc-site-created.js';
export { OvocSyncFailed } from './ovoc/ovoc-sync-failed.js';
export { SbcCleaned } from './sbc/sbc-cleaned.js';
export { SbcCleanupFailed } from './sbc/sbc-cleanup-failed.js';
export { SbcCleanupRequested } from './sbc/sbc-cleanup-requested.js';
export { SbcOnboarded } from './sbc/sbc-onboarded.js';
export { SbcOnboardingFailed } from './sbc/sbc-onboarding-failed.js';
export { type ErrorCode, statusOf } from './problem/error-codes.js';
export { fieldProblem } from './problem/field-problem-of.js';
export { type Problem, problem, problemContentType, type ProblemFacts } from './problem/problem.js';
export { type Refusal, refusalOf } from './problem/refusal.js';
export { forbiddenCharacter } from './text/forbidden-character.js';
export { builtinParameterNames, isHarmlessParameter } from './customer/rules/builtin-parameters.js';
