/** Every code a caller may read in `errorCode` or in `errors[].code`, with the status it is answered with. */
export const errorStatuses = {
  MALFORMED_JSON: 400,
  UNSUPPORTED_MEDIA_TYPE: 415,
  BODY_TOO_LARGE: 413,
  HEADERS_TOO_LARGE: 431,
  REQUEST_TIMEOUT: 408,
  EXPECTATION_FAILED: 417,

  REQUIRED: 400,
  UNKNOWN_PROPERTY: 400,
  PROPERTY_CONFLICT: 400,
  WRONG_TYPE: 400,
  ID_FORMAT: 400,
  SHORT_NAME_LENGTH: 400,
  SHORT_NAME_CHARACTERS: 400,
  SHORT_NAME_RESERVED: 400,
  SHORT_NAME_NOT_UNIQUE: 409,
  FULL_NAME_LENGTH: 400,
  FULL_NAME_CHARACTERS: 400,
  SITE_LOCATION_TYPE: 400,
  SITE_LOCATION_COUNT: 400,
  SBC_NOT_FOUND: 400,
  SCRIPT_NOT_FOUND: 400,
  SCRIPT_WRONG_KIND: 400,
  OVOC_CUSTOMER_TYPE: 400,
  MS_TENANT_ID_FORMAT: 400,
  MS_TENANT_ID_REQUIRED: 400,
  MS_TENANT_ID_NOT_FOUND: 400,
  MS_TENANT_ID_NOT_ALLOWED: 400,
  MS_TENANT_CHECK_UNAVAILABLE: 503,
  CHANNEL_NOT_FOUND: 400,
  LC_CUSTOMER_NOT_FOUND: 400,
  CHANNEL_MISMATCH: 400,
  OVOC_CHECK_UNAVAILABLE: 503,
  UNKNOWN_SCRIPT_PARAMETER: 400,
  MISSING_SCRIPT_PARAMETER: 400,
  SCRIPT_PARAMETER_VALUE: 400,
  SCRIPT_PARAMETER_CONFLICT: 400,
  IP_GROUP_CONFLICT: 409,

  /** The deployment is in no state for it; the detail says what may be asked instead. */
  ACTION_NOT_ALLOWED: 409,

  IDEMPOTENCY_KEY_FORMAT: 400,
  IDEMPOTENCY_KEY_REUSED: 422,
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  RATE_LIMITED: 429,
  INTERNAL_ERROR: 500,
  /** The message was sent and could not be taken in, however often it was tried: it is kept as a dead letter. */
  MESSAGE_NOT_HANDLED: 500,
  /** The request never left; nothing has happened. */
  SERVICE_UNAVAILABLE: 503,
  /** The request was sent and not confirmed: it may still run. */
  ACCEPTANCE_UNKNOWN: 503,
} as const;

export type ErrorCode = keyof typeof errorStatuses;
export type ProblemStatus = (typeof errorStatuses)[ErrorCode];

const statusByCode: ReadonlyMap<string, ProblemStatus> = new Map(Object.entries(errorStatuses));

/** The status of a code; one that this build doesn't know is a plain 400. */
export function statusOf(code: string): ProblemStatus {
  return statusByCode.get(code) ?? 400;
}
