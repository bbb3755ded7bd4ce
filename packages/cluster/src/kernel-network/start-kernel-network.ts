import { SeaworthyError } from "@seaworthy/errors";
import { createDialers } from "./dialers.ts";
import { createIpBatch } from "./ip-batch.ts";
import type { KernelNetwork } from "./kernel-network.ts";
import { createPodLinks, expectDone, hardwareAddress } from "./pod-links.ts";
import { gatewayIp, podRange, serviceRange } from "./ranges.ts";
import { startAgent, type Agent } from "./start-agent.ts";

/** Where iproute2 keeps namespaces; here a folder that only the network's own mount namespace has. */
const netnsFolder = "/run/netns";

/**
 * Makes the network. `unshare` are the flags that unshare(1) needs for a user namespace, none for root. Rejects with SW2003
 * where a tool is missing or the kernel does not allow it: ip, nft, veth pairs, NAT.
 */
export async function startKernelNetwork(options: {
  readonly unshare: string;
  readonly userFlags: readonly string[];
  readonly setpriv: string;
  readonly nsenter: string;
  readonly env: Readonly<Record<string, string>>;
}): Promise<KernelNetwork> {
  const { unshare, userFlags, setpriv, env } = options;
  // The user namespace comes first by itself: the files of a network namespace belong to the root of the user namespace that
  // was mapped when it was made (net/netfilter/nf_conntrack_standalone.c).
  const user: string[] = userFlags.length > 0 ? [unshare, ...userFlags] : [];
  const [first = unshare, ...rest] = [...user, unshare, "--net", "--mount", setpriv, "--pdeathsig", "KILL"];
  const agent = startAgent([first, ...rest], env);
  try {
    await agent.ready;
    await prepare(agent);
  } catch (error) {
    await agent.stop();
    throw error;
  }
  const userNamespace = userFlags.length > 0 ? ["--user", "--preserve-credentials"] : [];
  const enterIn = (netns: string): [string, ...string[]] => {
    const enter = [`--net=${netns}`, "--target", String(agent.pid), ...userNamespace];
    return [options.nsenter, ...enter, setpriv, "--pdeathsig", "KILL"];
  };
  const startIn = (netns: string) => startAgent(enterIn(netns), env);
  return kernelNetwork(agent, startIn, enterIn(nodesOf(agent)));
}

/**
 * What is there before the first pod. A packet to an address that no pod has goes into `hole`, and nobody answers. A host port may
 * lead from the nodes' loopback to a pod (`route_localnet`), but a pod not to that loopback (CVE-2020-8558).
 */
async function prepare(agent: Agent): Promise<void> {
  const script = `
mount -t tmpfs tmpfs /run && mkdir ${netnsFolder} &&
ip -batch - <<'end' &&
link set lo up
netns add hole
link add hole address ${hardwareAddress} type veth peer name eth0 address ${hardwareAddress} netns hole
link set hole up arp off
addr add ${gatewayIp}/32 dev lo
route add ${podRange} dev hole src ${gatewayIp}
route add ${serviceRange} dev hole src ${gatewayIp}
route add default dev hole src ${gatewayIp}
end
ip -n hole link set eth0 up arp off &&
echo 1 >/proc/sys/net/ipv4/ip_forward &&
echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet &&
nft -f - <<'end'
table ip probe {
  chain pick {
    numgen random mod 2 vmap { 0 : accept, 1 : drop }
  }
  chain nat {
    type nat hook prerouting priority dstnat;
    ip daddr 10.96.0.1 tcp dport 1 dnat to 10.244.0.1:1
  }
  chain post {
    type nat hook postrouting priority srcnat;
    meta mark 1 masquerade random,fully-random
  }
}
delete table ip probe
table ip loopback {
  chain from-pods {
    type filter hook prerouting priority raw;
    iifname != "lo" ip daddr 127.0.0.0/8 drop
  }
}
end`;
  const { exitCode, output } = await agent.run(["sh", "-c", script]);
  if (exitCode !== 0)
    throw new SeaworthyError("SW2003", `a network for pods could not be made: ${output.trim()}`);
}

function nodesOf({ pid }: Agent): string {
  return `/proc/${pid}/ns/net`;
}

function kernelNetwork(
  agent: Agent,
  startIn: (netns: string) => Agent,
  enter: KernelNetwork["enter"],
): KernelNetwork {
  const ip = createIpBatch(agent);
  const dialers = createDialers(agent, () => startIn(nodesOf(agent)));
  const links = createPodLinks(agent, ip);
  return {
    pid: agent.pid,
    connections: `/proc/${agent.pid}/net/nf_conntrack`,
    enter,
    async addPod(address) {
      const id = await links.lay(address);
      const netns = `/proc/${agent.pid}/root${netnsFolder}/${id}`;
      return {
        netns,
        startAgent: () => startIn(netns),
        remove: () => ip.run([`link del ${id}`, `netns del ${id}`]),
      };
    },
    addNodes: (ips) => ip.run(ips.map((each) => `addr add ${each}/32 dev lo`)),
    dial: (host, port, timeoutMs) => dialers.dial(host, port, timeoutMs),
    listen: (host, port, options) => agent.listen(host, port, options),
    bind: (host, port) => agent.bind(host, port),
    applyRules: (text) => expectDone(agent.run(["nft", "-f", "-"], text)),
    async [Symbol.asyncDispose]() {
      links[Symbol.dispose]();
      await dialers.stop();
      await agent.stop();
    },
  };
}
