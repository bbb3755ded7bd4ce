import { SeaworthyError } from "@seaworthy/errors";

/** A Kubernetes `Status`, as the API answers it when a request fails. */
export interface Status {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly status?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly uid?: string;
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly {
      readonly reason?: string;
      readonly message?: string;
      readonly field?: string;
    }[];
  };
}

/** The Kubernetes API answered, and refused. The message is the server's own. */
export class ApiError extends SeaworthyError {
  readonly status: Status;
  /** The machine-readable reason, for example `NotFound`; "" when the server gave none. */
  readonly reason: string;
  readonly httpCode: number;

  constructor(status: Status, httpCode: number, request: string) {
    super("SW3001", status.message ?? `the API server answered ${httpCode}`, {
      seen: [`${request} → ${httpCode}`],
    });
    this.status = status;
    this.reason = status.reason ?? "";
    this.httpCode = httpCode;
  }
}

/** Whether the API said that the object does not exist. */
export function isNotFound(error: unknown): error is ApiError {
  return error instanceof ApiError && error.httpCode === 404;
}

/** Whether the API said that somebody else changed the object in between. */
export function isConflict(error: unknown): error is ApiError {
  return error instanceof ApiError && error.reason === "Conflict";
}

/** Whether the API said that an object of this name is there already. */
export function isAlreadyExists(error: unknown): error is ApiError {
  return error instanceof ApiError && error.reason === "AlreadyExists";
}
