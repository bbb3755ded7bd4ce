/** Why a port of a pod cannot be connected to, in the words of Go. */
export function dialMessage(error: unknown, ip: string, port: number): string {
  const code = (error as NodeJS.ErrnoException).code;
  const reason =
    code === "ECONNREFUSED"
      ? "connect: connection refused"
      : code === "ETIMEDOUT"
        ? "i/o timeout"
        : code === "EHOSTUNREACH"
          ? "connect: no route to host"
          : (error as Error).message;
  return `dial tcp ${ip}:${port}: ${reason}`;
}
