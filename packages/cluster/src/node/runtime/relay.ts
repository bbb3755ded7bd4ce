/**
 * What the cluster asks of a relay: to take a pod's address and name once, together with those addresses outside that the
 * pod's programs can connect to, and to connect to ports of the pod.
 */
export type RelayRequest =
  | {
      readonly ip: string;
      readonly hostname: string;
      readonly reachable: readonly { readonly ip: string; readonly port: number }[];
    }
  | { readonly id: number; readonly port: number; readonly at?: "localhost" };

/**
 * What a relay says: it is up, it has taken the address, or (with the socket attached) a connection stands: one that it
 * was asked for, or one that a program of the pod has opened to the address of that index.
 */
export type RelayReply =
  | { readonly up: true }
  | { readonly assigned: boolean }
  | { readonly id: number; readonly error?: string }
  | { readonly opened: number };

/**
 * The program of a pod's sandbox process. It holds the pod's network namespace open, connects to ports
 * inside it, and hands each socket to the cluster (SCM_RIGHTS), which so holds a real TCP connection to the app.
 *
 * Its source text is given to `node -e`, so that it works from any bundle: it may refer to nothing outside itself.
 */
export function relay(): void {
  const { createServer, Socket } = process.getBuiltinModule("node:net");
  const { execFile } = process.getBuiltinModule("node:child_process");
  // Without `ip`, perl makes the same ioctls: SIOCSIFADDR, SIOCSIFNETMASK (/32, or all of 10/8 were local), SIOCSIFFLAGS.
  const takeAddresses = `
    hostname "$1" 2>/dev/null
    shift
    n=0
    for ip; do
      n=$((n + 1))
      ip addr add "$ip/32" dev lo 2>/dev/null || busybox ip addr add "$ip/32" dev lo 2>/dev/null || perl -e '
        use Socket; socket(S, AF_INET, SOCK_DGRAM, 0) or exit 1;
        ioctl(S, 0x8916, pack("a16a16", $ARGV[1], pack_sockaddr_in(0, inet_aton($ARGV[0])))) or exit 1;
        ioctl(S, 0x891c, pack("a16a16", $ARGV[1], pack_sockaddr_in(0, inet_aton("255.255.255.255")))) or exit 1;
        ioctl(S, 0x8914, pack("a16s", $ARGV[1], 0x41)) or exit 1;' "$ip" "lo:$n" || exit 1
    done`;
  let host = "127.0.0.1";

  // The cluster is gone, however it ended: nothing of it may stay.
  process.on("disconnect", () => process.exit(0));
  process.on("message", (request: RelayRequest) => {
    if ("ip" in request) {
      const { ip, hostname, reachable } = request;
      const addresses = [...new Set([ip, ...reachable.map((each) => each.ip)])];
      execFile("sh", ["-c", takeAddresses, "sh", hostname, ...addresses], (error) => {
        if (error === null) host = ip;
        process.send!({ assigned: error === null });
        if (error === null) reachable.forEach(offer);
      });
    } else connect(request.id, request.port, request.at ?? host);
  });
  process.send!({ up: true });

  /** Listens where something outside the pod is to be reached, and hands out who connects. */
  function offer({ ip, port }: { readonly ip: string; readonly port: number }, opened: number): void {
    // Not a byte is to be read here: what the program sends first is for the other end.
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => {
      socket.on("error", () => {});
      process.send!({ opened }, socket);
    });
    server.on("error", () => {});
    server.listen(port, ip);
  }

  function connect(id: number, port: number, host: string): void {
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
