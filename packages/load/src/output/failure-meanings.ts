import type { FailureClass } from "../measure/outcome.ts";

/** What happened to a request of each class, for those who read a report. */
export const failureMeanings: Readonly<Record<FailureClass, string>> = {
  refused: "Nobody listened at the address (ECONNREFUSED).",
  unreachable: "No way to the host or network, or the name has no address any more.",
  "connect-timeout": "No connection within the connect timeout; over TLS, no handshake.",
  "tls-failure": "The TCP connection was up and the TLS handshake failed.",
  "reset-before-answer": "The connection was reset before the first byte of the answer.",
  "closed-before-answer": "The connection was closed in order (FIN) before the first byte of the answer.",
  "reset-mid-answer": "The connection was reset in the middle of the answer.",
  "closed-mid-answer": "The connection was closed in order in the middle of the answer.",
  "response-timeout": "Sent, and not fully answered within the response timeout.",
  "malformed-answer": "An answer that HTTP does not allow, or with bytes behind its end.",
  "bad-status": "A complete answer with a status that was not expected.",
  "bad-grpc-status": "A complete answer to a gRPC call, with another grpc-status than was expected.",
  "no-grpc-status": "An answer to a gRPC call that ended without a grpc-status.",
  "failed-expectation":
    "A complete answer of a good status, without the header or body that was expected, or to another request.",
};
