import type { FailureClass } from "../measure/outcome.ts";

/** Errors that say something about this machine and nothing about the target. */
const ours = new Set(["EMFILE", "ENFILE", "EADDRNOTAVAIL", "EADDRINUSE", "ENOBUFS", "ENOMEM", "EINVAL"]);

/**
 * The error that a client would have met on a connection that the server closed before it read the request. A client sends as
 * soon as it is connected; bytes that a closing socket has not read make the kernel answer with a reset (RFC 9293, 3.10.4).
 */
export const closedUnread = "ECONNRESET";

/** The class of a connect that failed with an errno; undefined when the fault is this machine's, so that nothing was sent. */
export function connectFailure(code: string): FailureClass | undefined {
  if (ours.has(code)) return undefined;
  // ENOENT is the errno of a Unix socket that is not there any more.
  if (code === "ECONNREFUSED" || code === "ENOENT") return "refused";
  if (code === "ETIMEDOUT") return "connect-timeout";
  // The reset overtook the news that the connection is up: the peer had accepted the connection.
  if (code === "ECONNRESET" || code === "EPIPE" || code === "ECONNABORTED") return "reset-before-answer";
  return "unreachable";
}

/** The class of an established connection that failed with an errno. */
export function brokenConnection(code: string, answerStarted: boolean): FailureClass {
  // The kernel gave up on retransmissions: nobody answered, and nobody reset either.
  if (code === "ETIMEDOUT") return "response-timeout";
  return answerStarted ? "reset-mid-answer" : "reset-before-answer";
}

/** The errno of a socket error, or its text when it has none. */
export function errnoOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (typeof code === "string") return code;
  return error instanceof Error ? error.message : String(error);
}
