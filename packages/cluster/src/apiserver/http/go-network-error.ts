/**
 * What Go says where a connection fails: of `connect ECONNREFUSED` that is `connect: connection refused`.
 * https://github.com/golang/go/blob/master/src/syscall/zerrors_linux_amd64.go (errors)
 */
export function goNetworkError(error: unknown, operation: "connect" | "read" = "connect"): string {
  const { code = "", message = String(error) } = (error ?? {}) as { code?: string; message?: string };
  if (code === "ETIMEDOUT") return "i/o timeout";
  const words = errors[code];
  return words === undefined ? message : `${operation}: ${words}`;
}

/** What Go says where an answer does not come, though the connection was there. */
export function goReadError(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ECONNRESET") return "EOF";
  return code === undefined ? message : goNetworkError(error, "read");
}

const errors: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset by peer",
  EHOSTUNREACH: "no route to host",
  ENETUNREACH: "network is unreachable",
  EPIPE: "broken pipe",
};
