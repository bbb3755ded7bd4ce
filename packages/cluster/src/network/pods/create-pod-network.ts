import type { Socket } from "node:net";
import type { Clock } from "../../clock.ts";
import type { KernelNetwork } from "../../kernel-network/kernel-network.ts";
import type { Random } from "../../random.ts";
import { wait } from "../../wait.ts";
import type { PodAddress, PodNetwork } from "../../pod-network.ts";

/**
 * The share of new connections to a gone pod that learn so at once. On a real cluster (v1.36, ptp CNI) 77 of 2,303
 * connections that met the black hole, 1 to 12 % by run, were told "no route to host"; all others waited for their timeout.
 */
const unreachableShare = 0.03;

/** The network of pods where the kernel has one for them: it needs nobody to say which pods there are. */
export function kernelPodNetwork(network: Pick<KernelNetwork, "dial">): PodNetwork {
  return {
    attach() {},
    detach() {},
    dial: (ip, port, timeoutMs) => network.dial(ip, port, timeoutMs),
    isOnMachine: () => false,
  };
}

/**
 * Makes the network that joins pod addresses where the kernel has none: live ones are dialled, gone ones are black holes.
 * `onMachine`: whether the addresses are this machine's own.
 */
export function createPodNetwork(options: {
  readonly clock: Clock;
  readonly random: Random;
  readonly onMachine?: boolean;
}): PodNetwork {
  const { clock, random, onMachine = false } = options;
  const pods = new Map<string, PodAddress>();
  const gone = new Set<string>();

  async function blackHole(ip: string, port: number, timeoutMs: number): Promise<Socket> {
    const toldAtOnce = random() < unreachableShare;
    if (!toldAtOnce) await wait(clock, timeoutMs);
    throw connectError(toldAtOnce ? "EHOSTUNREACH" : "ETIMEDOUT", ip, port);
  }

  return {
    attach(pod) {
      pods.set(pod.ip, pod);
      gone.delete(pod.ip);
    },
    detach(ip) {
      if (pods.delete(ip)) gone.add(ip);
    },
    async dial(ip, port, timeoutMs) {
      const pod = pods.get(ip);
      if (pod === undefined) {
        if (gone.has(ip)) return blackHole(ip, port, timeoutMs);
        throw connectError("EHOSTUNREACH", ip, port);
      }
      try {
        return await pod.dial(port, timeoutMs);
      } catch (error) {
        // The pod was torn down under the dial: the SYN that it did not answer is lost.
        if (pods.get(ip) === pod) throw error;
        return blackHole(ip, port, timeoutMs);
      }
    },
    isOnMachine: (ip) => onMachine && pods.has(ip),
  };
}

/** An error as `net.connect` gives it: with `code`, `address` and `port`. */
export function connectError(code: string, address: string, port: number): NodeJS.ErrnoException {
  return Object.assign(new Error(`connect ${code} ${address}:${port}`), {
    code,
    syscall: "connect",
    address,
    port,
  });
}
