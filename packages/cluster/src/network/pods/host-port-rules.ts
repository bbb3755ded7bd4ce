import { hasPodEnded, hostPorts, type Pod } from "@seaworthy/kube";
import { masqueradeMark } from "../services/service-rules.ts";

/** A port of a node that leads to one of a pod. */
export interface HostPort {
  readonly nodeIp: string;
  readonly nodePort: number;
  /** `tcp`, `udp` or `sctp`. */
  readonly protocol: string;
  readonly podIp: string;
  readonly podPort: number;
}

/** The ports of its node that a pod takes, if any: none when it has no address, or a `hostIP` that is none of IPv4. */
export function hostPortsOf(pod: Pod): HostPort[] | undefined {
  const { podIP: podIp, hostIP = "" } = pod.status ?? {};
  if (podIp === undefined || pod.spec.hostNetwork === true || hasPodEnded(pod)) return undefined;
  const taken = hostPorts(pod).flatMap(
    ({ hostPort: nodePort = 0, hostIP: asked = "", protocol = "TCP", containerPort }) => {
      const nodeIp = asked === "" || asked === "0.0.0.0" ? hostIP : asked;
      if (!/^[1-9][\d.]+$/.test(nodeIp)) return [];
      return [{ nodeIp, nodePort, protocol: protocol.toLowerCase(), podIp, podPort: containerPort }];
    },
  );
  return taken.length === 0 ? undefined : taken;
}

/**
 * The rules that lead there, as text for `nft -f` that takes the place of the rules of before in one step (what the portmap CNI
 * plugin writes). A pod that reaches itself this way goes by the node, or its answers would miss it.
 */
export function hostPortRules(ports: readonly HostPort[]): { readonly text: string } {
  const fromPods = ports.filter(({ nodeIp }) => !isLoopback(nodeIp)).flatMap(rulesOf);
  const fromNodes = ports.flatMap(rulesOf);
  const chain = (name: string, hook: string, priority: string, lines: readonly string[]) => [
    `chain ${name} {`,
    `  type nat hook ${hook} priority ${priority};`,
    ...lines,
    "}",
  ];
  const rules =
    ports.length === 0
      ? []
      : [
          `table ip ${table} {`,
          ...chain("from-pods", "prerouting", "dstnat", fromPods),
          ...chain("from-nodes", "output", "-100", fromNodes),
          "}",
        ];
  // A table that is not there cannot be deleted, so it is made first.
  return { text: [`table ip ${table} { }`, `delete table ip ${table}`, ...rules, ""].join("\n") };
}

const table = "host-ports";

/** What comes from the loopback must get another address on its way, or the pod would answer to its own loopback. */
function rulesOf({ nodeIp, nodePort, protocol, podIp, podPort }: HostPort): string[] {
  const met = `ip daddr ${nodeIp} ${protocol} dport ${nodePort}`;
  const masqueraded = isLoopback(nodeIp) ? met : `ip saddr ${podIp} ${met}`;
  return [
    `  ${masqueraded} meta mark set meta mark or ${masqueradeMark}`,
    `  ${met} dnat to ${podIp}:${podPort}`,
  ];
}

/** Only the node itself reaches such an address. */
function isLoopback(ip: string): boolean {
  return ip.startsWith("127.");
}
