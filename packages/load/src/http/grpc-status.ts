import type { AnswerHead } from "./answer-head.ts";

/** The names of gRPC's status codes, by number: https://github.com/grpc/grpc/blob/master/doc/statuscodes.md */
const grpcCodeNames: readonly string[] = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
];

/** A status as people know it: `200` of HTTP, `OK` of gRPC, whose codes are all below 100. */
export function statusName(status: number): string {
  return grpcCodeNames[status] ?? String(status);
}

/** The number of a code that is given by its name or its number. */
export function grpcCode(text: string): number | undefined {
  const code = /^\d{1,2}$/.test(text) ? Number(text) : grpcCodeNames.indexOf(text);
  return code >= 0 && code < grpcCodeNames.length ? code : undefined;
}

/** How a call ended. */
export interface GrpcStatus {
  readonly code: number;
  readonly message: string;
}

/** Whether an answer is one of gRPC, and not that of a proxy or a web server. gRPC-Web is another protocol. */
export function isGrpcAnswer(head: AnswerHead): boolean {
  return /^application\/grpc(?:[+;]|$)/.test(head.header("content-type") ?? "");
}

/**
 * The status of a call, from the trailers, or from the head of an answer that is nothing else ("Trailers-Only"); undefined when
 * the server gave none. https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses
 */
export function grpcStatusOf(
  head: AnswerHead,
  trailers: ReadonlyMap<string, string> | undefined,
): GrpcStatus | undefined {
  const fields = trailers ?? head.headers;
  const text = fields.get("grpc-status");
  if (text === undefined) return undefined;
  const message = decoded(fields.get("grpc-message") ?? "");
  const code = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return code < grpcCodeNames.length
    ? { code, message }
    : { code: unknown, message: `grpc-status ${text.slice(0, 20)}${message === "" ? "" : `, ${message}`}` };
}

/** What a code is taken for that gRPC does not know. */
const unknown = 2;

/** The message is percent-encoded; what is not well encoded stays as it came. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
