/** metav1.Status and the error that carries it: the one way an API failure is said, on the wire and in the process. */

export interface StatusCause {
  /** FieldValueInvalid, FieldValueRequired, FieldManagerConflict, … */
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  /** The plural resource in API errors, the kind in validation errors, as kube-apiserver does. */
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  /** `continue` on an expired continue token: where an inconsistent list may go on. */
  readonly metadata: { readonly continue?: string };
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: StatusReason;
  readonly details?: StatusDetails;
  /** Absent where a deletion succeeded. */
  readonly code?: number;
}

/** Every reason with its HTTP code; the texts of the errors are in errors.ts. */
export const statusCodes = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  Expired: 410,
  Gone: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  NotImplemented: 501,
  ServiceUnavailable: 503,
  Timeout: 504,
  /** A webhook or the namespace lifecycle may refuse with a reason of its own and a code of its own. */
  NamespaceTerminating: 403,
  QuotaExceeded: 403,
} as const;

export type StatusReason = keyof typeof statusCodes;

export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: Status;
  /** Texts for `Warning:` headers that the failed request had earned before. */
  readonly warnings: readonly string[];

  constructor(status: Status, warnings: readonly string[] = []) {
    super(status.message ?? status.reason ?? 'unknown error');
    this.status = status;
    this.warnings = warnings;
  }

  get reason(): StatusReason | undefined {
    return this.status.reason;
  }

  get code(): number {
    return this.status.code ?? statusCodes.InternalError;
  }
}

export function failure(reason: StatusReason, message: string, details?: StatusDetails): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(details ? { details } : {}),
    code: statusCodes[reason],
  });
}

export function isReason(error: unknown, reason: StatusReason): error is StatusError {
  return error instanceof StatusError && error.reason === reason;
}
