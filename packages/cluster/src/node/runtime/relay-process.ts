import type { Server, Socket } from "node:net";
import { startAgent, type Agent } from "../../kernel-network/start-agent.ts";
import type { SandboxedPod } from "./pod-runtime.ts";
import { toolPath } from "./tool-path.ts";

/** The process of a pod's sandbox where there is no network of the kernel's: it holds the pod's network namespace open. */
export interface RelayProcess {
  readonly pid: number;
  /** Resolves once the namespace is set up and the relay answers; rejects when the kernel refuses. */
  readonly ready: Promise<void>;
  /**
   * Gives the pod its address, and makes addresses outside reachable. False when the addresses could not be set: then dials
   * go to 127.0.0.1, and nothing outside can be reached.
   */
  assign(pod: Pick<SandboxedPod, "ip" | "reachable">): Promise<boolean>;
  /** Connects to a port of the pod, at its own address or at its loopback address. */
  dial(port: number, timeoutMs: number, at?: "localhost"): Promise<Socket>;
  stop(): Promise<void>;
}

// perl: SIOCSIFFLAGS with IFF_UP | IFF_RUNNING, for images that have no `ip`.
const loopbackUp = `ip link set lo up 2>/dev/null || busybox ip link set lo up 2>/dev/null ||
perl -e 'use Socket; socket(S,AF_INET,SOCK_DGRAM,0); ioctl(S,0x8914,pack("a16s","lo",0x41)) or exit 1' 2>/dev/null ||
python3 -c 'import fcntl,socket,struct; fcntl.ioctl(socket.socket(),0x8914,struct.pack("16sh14x",b"lo",0x41))' || exit 1
exec "$@"`;

// Without `ip`, perl makes the same ioctls: SIOCSIFADDR, SIOCSIFNETMASK (/32, or all of 10/8 were local), SIOCSIFFLAGS.
const takeAddresses = `
n=0
for ip; do
  n=$((n + 1))
  ip addr add "$ip/32" dev lo 2>/dev/null || busybox ip addr add "$ip/32" dev lo 2>/dev/null || perl -e '
    use Socket; socket(S, AF_INET, SOCK_DGRAM, 0) or exit 1;
    ioctl(S, 0x8916, pack("a16a16", $ARGV[1], pack_sockaddr_in(0, inet_aton($ARGV[0])))) or exit 1;
    ioctl(S, 0x891c, pack("a16a16", $ARGV[1], pack_sockaddr_in(0, inet_aton("255.255.255.255")))) or exit 1;
    ioctl(S, 0x8914, pack("a16s", $ARGV[1], 0x41)) or exit 1;' "$ip" "lo:$n" || exit 1
done`;

/** Starts a relay in new namespaces, for example with `--user --map-root-user` in `unshareFlags`. */
export function startRelay(unshareFlags: readonly string[]): RelayProcess {
  // setpriv comes after unshare: taking a new user namespace clears the parent-death signal.
  const diesWithCluster = ["setpriv", "--pdeathsig", "KILL"];
  const enter = ["--net", "sh", "-c", loopbackUp, "sh", ...diesWithCluster];
  const agent = startAgent(["unshare", ...unshareFlags, ...enter], { PATH: toolPath() });
  let host = "127.0.0.1";
  let servers: (Server | undefined)[] = [];
  // A spare sandbox must not keep the process alive; one that a pod uses or that is awaited at its end does.
  agent.ready.then(
    () => agent.keepAlive(false),
    () => {},
  );
  return {
    pid: agent.pid,
    ready: agent.ready,
    async assign({ ip, reachable }) {
      agent.keepAlive(true);
      const addresses = [...new Set([ip, ...reachable.map((each) => each.ip)])];
      const { exitCode } = await agent.run(["sh", "-c", takeAddresses, "sh", ...addresses]);
      if (exitCode !== 0) return false;
      host = ip;
      servers = await Promise.all(reachable.map((each) => offer(agent, each)));
      return true;
    },
    dial: (port, timeoutMs, at) => agent.dial(at ?? host, port, timeoutMs),
    stop() {
      for (const server of servers) server?.close();
      return agent.stop();
    },
  };
}

/** Listens where something outside the pod is to be reached, and hands out who connects. */
async function offer(
  agent: Agent,
  reachable: SandboxedPod["reachable"][number],
): Promise<Server | undefined> {
  const server = await agent.listen(reachable.ip, reachable.port).catch(() => undefined);
  // It must not keep this process alive. `stop` closes it, for it holds the pod's network namespace.
  server?.unref().on("connection", (socket: Socket) => reachable.accept(socket));
  return server;
}
