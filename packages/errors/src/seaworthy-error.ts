import { codes, type ErrorCode, type Fault } from "./codes.ts";

/** A place in a file. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How many characters the caret should underline; 1 when absent. */
  readonly length?: number;
  /** The whole source line, exactly as written. */
  readonly sourceLine?: string;
  /** What is wrong at that spot, in a few words, for the caret's label. */
  readonly label?: string;
  /** `file` is the name of an object in a cluster, whose lines nobody but the caret's reader has seen. */
  readonly isOfObject?: boolean;
}

/** What an error can say beside its message. */
export interface ErrorDetails {
  readonly place?: Place | undefined;
  /** The object concerned, as `Kind namespace/name`. */
  readonly object?: string | undefined;
  /** The field concerned, as `spec.template.spec.containers[0].image`. */
  readonly field?: string | undefined;
  /** Why it is a problem, in a sentence. */
  readonly why?: string | undefined;
  /** Evidence: what was seen, with times where it helps. */
  readonly seen?: readonly string[] | undefined;
  /** What to do now: an edit or a command, best first. */
  readonly next?: readonly string[] | undefined;
  readonly cause?: unknown;
}

/** The one error shape: a stable code, what and where, why, and the next step. */
export class SeaworthyError extends Error {
  override readonly name = "SeaworthyError";
  readonly code: ErrorCode;
  readonly fault: Fault;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.fault = codes[code].fault;
    this.details = details;
  }
}
