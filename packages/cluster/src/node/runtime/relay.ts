/** What the cluster asks of a relay: to take a pod's address and name once, and to connect to ports of the pod. */
export type RelayRequest =
  | { readonly ip: string; readonly hostname: string }
  | { readonly id: number; readonly port: number };

/** What a relay says: it is up, it has taken the address, or (with the socket attached) a connection stands. */
export type RelayReply =
  | { readonly up: true }
  | { readonly assigned: boolean }
  | { readonly id: number; readonly error?: string };

/**
 * The program of a pod's sandbox process. It holds the pod's network namespace open, connects to ports
 * inside it, and hands each socket to the cluster (SCM_RIGHTS), which so holds a real TCP connection to the app.
 *
 * Its source text is given to `node -e`, so that it works from any bundle: it may refer to nothing outside itself.
 */
export function relay(): void {
  const { Socket } = process.getBuiltinModule("node:net");
  const { execFile } = process.getBuiltinModule("node:child_process");
  // Without `ip`, perl makes the same ioctls: SIOCSIFADDR, SIOCSIFNETMASK (/32, or all of 10/8 were local), SIOCSIFFLAGS.
  const takeAddress = `
    hostname "$2" 2>/dev/null
    ip addr add "$1/32" dev lo 2>/dev/null || busybox ip addr add "$1/32" dev lo 2>/dev/null || perl -e '
      use Socket; socket(S, AF_INET, SOCK_DGRAM, 0) or exit 1;
      ioctl(S, 0x8916, pack("a16a16", "lo:1", pack_sockaddr_in(0, inet_aton($ARGV[0])))) or exit 1;
      ioctl(S, 0x891c, pack("a16a16", "lo:1", pack_sockaddr_in(0, inet_aton("255.255.255.255")))) or exit 1;
      ioctl(S, 0x8914, pack("a16s", "lo:1", 0x41)) or exit 1;' "$1"`;
  let host = "127.0.0.1";

  // The cluster is gone, however it ended: nothing of it may stay.
  process.on("disconnect", () => process.exit(0));
  process.on("message", (request: RelayRequest) => {
    if ("ip" in request) {
      execFile("sh", ["-c", takeAddress, "sh", request.ip, request.hostname], (error) => {
        if (error === null) host = request.ip;
        process.send!({ assigned: error === null });
      });
    } else connect(request.id, request.port);
  });
  process.send!({ up: true });

  function connect(id: number, port: number): void {
    const socket = new Socket({ allowHalfOpen: true });
    // Paused before it connects, so that bytes which the app sends first are left for the cluster to read.
    socket.pause();
    socket.once("error", (error: NodeJS.ErrnoException) => process.send!({ id, error: error.code ?? "EIO" }));
    socket.connect(port, host, () => {
      socket.removeAllListeners("error");
      socket.on("error", () => {});
      process.send!({ id }, socket);
    });
  }
}
