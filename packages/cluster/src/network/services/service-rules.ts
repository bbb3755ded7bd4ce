import { createHash } from "node:crypto";
import { isIPv4 } from "node:net";
import type { Service, ServicePort } from "@seaworthy/kube";
import { routable, type EndpointState } from "../endpoints/endpoint-state.ts";
import { serviceKey } from "../endpoints/service-key.ts";

/** What rules are made of. */
export interface ServiceRulesInput {
  readonly services: readonly Service[];
  /** The endpoints of a Service (`namespace/name`), as the node's proxy believes them to be. */
  endpointsOf(service: string): readonly EndpointState[];
  /** The Services' range of addresses; what is sent to one that no Service has is dropped. */
  readonly serviceRange: string;
}

/** One port of one Service, and where its connections go. */
interface PortRules {
  readonly chain: string;
  readonly protocol: string;
  readonly service: Service;
  readonly port: ServicePort;
  readonly endpoints: readonly EndpointState[];
}

/** Rules as text, and the names in it, which must be taken out again when nothing uses them. */
export interface ServiceRules {
  readonly text: string;
  readonly chains: readonly string[];
  readonly sets: readonly string[];
}

/**
 * The rules by which connections to Services reach pods, as text for `nft -f`: what kube-proxy's nftables mode writes
 * (k8s.io/kubernetes/pkg/proxy/nftables/proxier.go). A connection's endpoint is chosen at random when its first packet comes;
 * connections that stand are left alone, because conntrack knows them. The text changes the `previous` rules in one step.
 */
export function serviceRules(input: ServiceRulesInput, previous?: ServiceRules): ServiceRules {
  const ports = input.services.flatMap((service) => portsOf(service, input.endpointsOf(serviceKey(service))));
  const reached = ports.filter(({ endpoints }) => endpoints.length > 0);
  const refused = ports.filter(({ endpoints }) => endpoints.length === 0);
  const chains = reached.flatMap((each) => [
    each.chain,
    ...each.endpoints.map((endpoint) => endpointChain(each, endpoint)),
  ]);
  const kept = reached.filter(hasAffinity);
  const sets = kept.flatMap((each) => each.endpoints.map((endpoint) => affinitySet(each, endpoint)));
  const byIp = "ipv4_addr . inet_proto . inet_service";
  const byPort = "inet_proto . inet_service";
  const text = [
    `table ip ${table} {`,
    ...maps.map(([name, key]) => `map ${name} { type ${key === "ip" ? byIp : byPort} : verdict; }`),
    "}",
    // Rules and elements go, chains and sets stay: hooks must not be away for a moment, nor what clients are kept to be lost.
    `flush table ip ${table}`,
    ...maps.map(([name]) => `flush map ip ${table} ${name}`),
    ...gone(previous?.chains, chains).map((name) => `delete chain ip ${table} ${name}`),
    ...gone(previous?.sets, sets).map((name) => `delete set ip ${table} ${name}`),
    `table ip ${table} {`,
    ...kept.flatMap(affinitySets),
    ...reached.flatMap(chainsOf),
    fixedChains(input.serviceRange, clusterIpsOf(input.services)),
    "}",
    ...elements(
      "service-ips",
      reached.flatMap((each) => keysOf(each, `goto ${each.chain}`)),
    ),
    ...elements(
      "no-endpoint-services",
      refused.flatMap((each) => keysOf(each, "goto reject-it")),
    ),
    ...elements(
      "service-nodeports",
      reached.flatMap((each) => nodePortOf(each, `goto ${each.chain}`)),
    ),
    ...elements(
      "no-endpoint-nodeports",
      refused.flatMap((each) => nodePortOf(each, "goto reject-it")),
    ),
    "",
  ].join("\n");
  return { text, chains, sets };
}

const table = "kube-proxy";
const maps = [
  ["service-ips", "ip"],
  ["no-endpoint-services", "ip"],
  ["service-nodeports", "port"],
  ["no-endpoint-nodeports", "port"],
] as const;

function gone(before: readonly string[] = [], now: readonly string[]): string[] {
  const kept = new Set(now);
  return before.filter((name) => !kept.has(name));
}

/** Packets that come back to the pod from which they came must go by the node, or their answers would miss it. */
const masqueradeMark = "0x4000";

function portsOf(service: Service, all: readonly EndpointState[]): PortRules[] {
  const { clusterIP, type } = service.spec;
  if (clusterIP === undefined || clusterIP === "" || clusterIP === "None" || type === "ExternalName")
    return [];
  return (service.spec.ports ?? []).flatMap((port) => {
    const protocol = (port.protocol ?? "TCP").toLowerCase();
    if (protocol !== "tcp" && protocol !== "udp") return [];
    const own = all.filter(
      (endpoint) => endpoint.portName === (port.name ?? "") && endpoint.protocol.toLowerCase() === protocol,
    );
    const name = `${serviceKey(service)}/${protocol}/${port.name ?? ""}`;
    // nft allows 128 characters, and a namespace and a name have 63 each.
    const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
    const chain = `service-${hash}-${name.slice(0, 80)}`;
    return [{ chain, protocol, service, port, endpoints: routable(own) }];
  });
}

function endpointChain({ chain }: PortRules, { ip, port }: EndpointState): string {
  return `${chain.replace("service", "endpoint")}__${ip}/${port}`;
}

function affinitySet({ chain }: PortRules, { ip, port }: EndpointState): string {
  return `${chain.replace("service", "affinity")}__${ip}/${port}`;
}

function affinitySets(each: PortRules): string[] {
  const type = `type ipv4_addr; flags dynamic,timeout; timeout ${affinitySeconds(each)}s;`;
  return each.endpoints.map((endpoint) => `set ${affinitySet(each, endpoint)} { ${type} }`);
}

function hasAffinity({ service }: PortRules): boolean {
  return service.spec.sessionAffinity === "ClientIP";
}

function affinitySeconds({ service }: PortRules): number {
  return service.spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800;
}

/** The chain of a Service port, which picks an endpoint, and a chain for each endpoint. */
function chainsOf(each: PortRules): string[] {
  const { chain, endpoints, protocol } = each;
  const keeps = hasAffinity(each);
  const endpointChains = endpoints.map((endpoint) => [
    `chain ${endpointChain(each, endpoint)} {`,
    `  ip saddr ${endpoint.ip} meta mark set meta mark or ${masqueradeMark}`,
    ...(keeps ? [`  update @${affinitySet(each, endpoint)} { ip saddr }`] : []),
    `  meta l4proto ${protocol} dnat to ${endpoint.ip}:${endpoint.port}`,
    "}",
  ]);
  const kept = keeps
    ? endpoints.map(
        (endpoint) => `  ip saddr @${affinitySet(each, endpoint)} goto ${endpointChain(each, endpoint)}`,
      )
    : [];
  const picks = endpoints.map((endpoint, index) => `${index} : goto ${endpointChain(each, endpoint)}`);
  const pick = `  numgen random mod ${endpoints.length} vmap { ${picks.join(", ")} }`;
  return [...endpointChains.flat(), `chain ${chain} {`, ...kept, pick, "}"];
}

/** The addresses that lead to a Service port: its own, external ones, and those of its load balancer. */
function keysOf({ service, port, protocol }: PortRules, verdict: string): string[] {
  const { clusterIP = "", externalIPs = [] } = service.spec;
  const balancer = (service.status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
  const ips = new Set([clusterIP, ...externalIPs, ...balancer].filter((ip) => isIPv4(ip)));
  return [...ips].map((ip) => `${ip} . ${protocol} . ${port.port} : ${verdict}`);
}

function nodePortOf({ port, protocol }: PortRules, verdict: string): string[] {
  return port.nodePort === undefined ? [] : [`${protocol} . ${port.nodePort} : ${verdict}`];
}

/** Adds elements to a map. The last one wins where two Services claim the same address and port. */
function elements(name: string, all: readonly string[]): string[] {
  const unique = [...new Map(all.map((element) => [element.split(" : ")[0], element])).values()];
  return unique.length === 0 ? [] : [`add element ip ${table} ${name} { ${unique.join(", ")} }`];
}

function clusterIpsOf(services: readonly Service[]): string[] {
  const ips = services.flatMap(({ spec }) => spec.clusterIP ?? []);
  return [...new Set(ips.filter((ip) => isIPv4(ip)))];
}

/** What does not depend on endpoints; a port that a Service does not have is refused, an address of no Service is silent. */
function fixedChains(serviceRange: string, clusterIps: readonly string[]): string {
  const refuse = clusterIps.length === 0 ? "" : `  ip daddr { ${clusterIps.join(", ")} } reject\n`;
  return `chain reject-it {
  reject
}
chain services {
  ip daddr . meta l4proto . th dport vmap @service-ips
  fib daddr type local ip daddr != 127.0.0.0/8 meta l4proto . th dport vmap @service-nodeports
}
chain no-endpoints {
  ip daddr . meta l4proto . th dport vmap @no-endpoint-services
  fib daddr type local ip daddr != 127.0.0.0/8 meta l4proto . th dport vmap @no-endpoint-nodeports
${refuse}  ip daddr ${serviceRange} drop
}
chain filter-input {
  type filter hook input priority filter;
  ct state new jump no-endpoints
}
chain filter-forward {
  type filter hook forward priority filter;
  ct state new jump no-endpoints
}
chain filter-output {
  type filter hook output priority filter;
  ct state new jump no-endpoints
}
chain nat-prerouting {
  type nat hook prerouting priority dstnat;
  jump services
}
chain nat-output {
  type nat hook output priority -100;
  jump services
}
chain nat-postrouting {
  type nat hook postrouting priority srcnat;
  meta mark & ${masqueradeMark} != 0 masquerade random,fully-random
}`;
}
