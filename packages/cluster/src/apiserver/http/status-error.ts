import type { FieldError, ServedType } from "@seaworthy/kube";

/** A cause in the details of a `Status`. */
export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/**
 * A request that is refused, worded as Kubernetes words it.
 * https://github.com/kubernetes/apimachinery/blob/master/pkg/api/errors/errors.go
 */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;
  /** A continue token that the client may use instead of the expired one. */
  readonly continueToken: string | undefined;
  /** What the client is warned of besides. */
  warnings: readonly string[] = [];

  constructor(
    code: number,
    reason: string,
    message: string,
    details?: StatusDetails,
    continueToken?: string,
  ) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
    this.continueToken = continueToken;
  }

  /** The `Status` object that the client gets. */
  toStatus(): Record<string, unknown> {
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: this.continueToken === undefined ? {} : { continue: this.continueToken },
      status: "Failure",
      message: this.message,
      ...(this.reason === "" ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    };
  }
}

/** What the wording of an error needs to know of a type. */
export type NamedType = Pick<ServedType, "group" | "plural" | "kind">;

/** 404 `deployments.apps "x" not found`. */
export function notFound(type: NamedType, name: string): StatusError {
  return new StatusError(404, "NotFound", `${resourceName(type)} "${name}" not found`, detailsOf(type, name));
}

/** 404 for a path that leads nowhere. */
export function noSuchPath(): StatusError {
  return new StatusError(404, "NotFound", "the server could not find the requested resource", {});
}

const representations = "application/json, application/yaml, application/vnd.kubernetes.protobuf";
const streams = "application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch";

/** 406 to a client that accepts no media type that is served. */
export function noRepresentation(): StatusError {
  const message = `406: Not Acceptable\n\nAvailable representations: ${representations}`;
  return new StatusError(406, "NotAcceptable", message, {});
}

/** 406 to a client that accepts only what this answer cannot be. */
export function notAcceptable(isWatch: boolean): StatusError {
  const accepted = isWatch ? streams : representations;
  return new StatusError(406, "NotAcceptable", `only the following media types are accepted: ${accepted}`);
}

/** 409 `deployments.apps "x" already exists`. */
export function alreadyExists(type: NamedType, name: string): StatusError {
  return new StatusError(
    409,
    "AlreadyExists",
    `${resourceName(type)} "${name}" already exists`,
    detailsOf(type, name),
  );
}

/** 409 after every generated name was taken. */
export function generatedNameTaken(type: NamedType, name: string): StatusError {
  const message = `${resourceName(type)} "${name}" already exists, the server was not able to generate a unique name for the object`;
  return new StatusError(409, "AlreadyExists", message, { ...detailsOf(type, name), retryAfterSeconds: 1 });
}

/** 409 `Operation cannot be fulfilled on …`. */
export function conflict(type: NamedType, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${resourceName(type)} "${name}": ${why}`;
  return new StatusError(409, "Conflict", message, detailsOf(type, name));
}

/** 403 `pods "x" is forbidden: …`. */
export function forbidden(
  type: NamedType,
  name: string,
  why: string,
  causes?: readonly StatusCause[],
): StatusError {
  const details = { ...detailsOf(type, name), ...(causes === undefined ? {} : { causes }) };
  return new StatusError(403, "Forbidden", `${resourceName(type)} "${name}" is forbidden: ${why}`, details);
}

/** 422 `Deployment.apps "x" is invalid: …`, naming every faulty field. */
export function invalid(type: NamedType, name: string, errors: readonly FieldError[]): StatusError {
  const texts = [...new Set(errors.map((error) => `${error.field}: ${error.message}`))];
  const text = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  const kind = type.group === "" ? type.kind : `${type.kind}.${type.group}`;
  const details = {
    ...(name === "" ? {} : { name }),
    ...(type.group === "" ? {} : { group: type.group }),
    ...(type.kind === "" ? {} : { kind: type.kind }),
    causes: errors,
  };
  return new StatusError(422, "Invalid", `${kind} "${name}" is invalid: ${text}`, details);
}

/** Throws 422 when there are errors. */
export function refuseInvalid(type: NamedType, name: string, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(type, name, errors);
}

/** Does something that may be refused, and then the client is warned of what was found before. */
export async function warning<T>(warnings: () => readonly string[], act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof StatusError) error.warnings = [...warnings(), ...error.warnings];
    throw error;
  }
}

/** 400. */
export function badRequest(message: string): StatusError {
  return new StatusError(400, "BadRequest", message);
}

/** 401: nobody knows who asks. */
export function unauthorized(): StatusError {
  return new StatusError(401, "Unauthorized", "Unauthorized");
}

/** 405. */
export function methodNotAllowed(): StatusError {
  const message = "the server does not allow this method on the requested resource";
  return new StatusError(405, "MethodNotAllowed", message, {});
}

/** 409: an apply would take fields from others. */
export function applyConflict(message: string, causes: readonly StatusCause[]): StatusError {
  return new StatusError(409, "Conflict", message, { causes });
}

/** 410: what the client asks to go on from is no longer known. */
export function expired(message: string, continueToken?: string): StatusError {
  return new StatusError(410, "Expired", message, undefined, continueToken);
}

/** 504: the client asks for a state that is yet to come. */
export function tooLargeRevision(asked: number, current: number): StatusError {
  const causes = [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }];
  const message = `Timeout: Too large resource version: ${asked}, current: ${current}`;
  return new StatusError(504, "Timeout", message, { causes, retryAfterSeconds: 1 });
}

/** 429, with the time to wait where it is known. */
export function tooManyRequests(
  message: string,
  retryAfterSeconds: number,
  causes: readonly StatusCause[],
): StatusError {
  const details = { causes, ...(retryAfterSeconds === 0 ? {} : { retryAfterSeconds }) };
  return new StatusError(429, "TooManyRequests", message, details);
}

/** 413. */
export function tooLarge(why: string): StatusError {
  return new StatusError(413, "RequestEntityTooLarge", `Request entity too large: ${why}`);
}

/** 415. */
export function unsupportedMediaType(message: string, details?: StatusDetails): StatusError {
  return new StatusError(415, "UnsupportedMediaType", message, details);
}

/** 415 for a body of another media type than those that are taken. */
export function unknownFormat(accepted: readonly string[]): StatusError {
  const types = accepted.join(", ");
  return unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${types}`,
  );
}

/** `deployments.apps`, or `pods` in the core group. */
export function resourceName(type: NamedType): string {
  return type.group === "" ? type.plural : `${type.plural}.${type.group}`;
}

function detailsOf(type: NamedType, name: string): StatusDetails {
  return {
    ...(name === "" ? {} : { name }),
    ...(type.group === "" ? {} : { group: type.group }),
    kind: type.plural,
  };
}
