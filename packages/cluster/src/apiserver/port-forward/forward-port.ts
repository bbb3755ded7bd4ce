import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { PodOnNode } from "../../kubelet.ts";
import { goNetworkError } from "../http/go-network-error.ts";

/** How long a pod may take to accept a connection. */
const dialTimeoutMs = 30_000;

/**
 * Joins a client's stream and a port of a pod until both directions have ended. Gives what the client is to be told, if
 * that failed, in the words of the kubelet and of containerd. Never rejects.
 * https://github.com/containerd/containerd/blob/main/internal/cri/server/sandbox_portforward_linux.go
 */
export async function forwardPort(pod: PodOnNode, port: number, data: Duplex): Promise<string | undefined> {
  let socket: Socket;
  try {
    socket = await pod.dialLocalhost(port, dialTimeoutMs);
  } catch (error) {
    const namespace = `inside namespace ${JSON.stringify(pod.sandboxId)}`;
    const why = `dial tcp4 127.0.0.1:${port}: ${goNetworkError(error)}`;
    return failure(pod, port, `failed to connect to localhost:${port} ${namespace}, IPv4: ${why} ${noIpv6}`);
  }
  let failed: NodeJS.ErrnoException | undefined;
  socket.once("error", (error) => (failed = error));
  const [, backward] = await Promise.allSettled([pipeline(data, socket), pipeline(socket, data)]);
  socket.destroy();
  if (backward.status === "fulfilled" || failed?.code !== "ECONNRESET") return undefined;
  return failure(pod, port, `read tcp4 127.0.0.1->127.0.0.1:${port}: ${goNetworkError(failed, "read")}`);
}

/** It tries both. */
const noIpv6 = "IPv6 dial tcp6: address localhost: no suitable address found ";

function failure({ sandboxId }: PodOnNode, port: number, why: string): string {
  const namespace = JSON.stringify(`/var/run/netns/cni-${sandboxId.slice(0, 32)}`);
  return `error forwarding port ${port} to pod ${sandboxId}, uid : failed to execute portforward in network namespace ${namespace}: ${why}`;
}
