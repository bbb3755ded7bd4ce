import { createHash } from "node:crypto";
import { isIPv4 } from "node:net";
import type { Service, ServicePort } from "@seaworthy/kube";
import { routable, type EndpointState } from "../endpoints/endpoint-state.ts";
import type { NodePlace } from "../pods/node-place.ts";
import { serviceKey } from "../endpoints/service-key.ts";

/** What rules are made of. */
export interface ServiceRulesInput {
  readonly services: readonly Service[];
  /** The endpoints of a Service (`namespace/name`), as the node's proxy believes them to be. */
  endpointsOf(service: string): readonly EndpointState[];
  /** The Services' range of addresses; what is sent to one that no Service has is dropped. */
  readonly serviceRange: string;
  readonly nodes: readonly Pick<NodePlace, "name" | "podRange">[];
}

/** One port of one Service, and where its connections go. */
interface PortRules {
  readonly chain: string;
  readonly protocol: string;
  readonly service: Service;
  readonly port: ServicePort;
  /** Where connections go from anywhere. */
  readonly endpoints: readonly EndpointState[];
  /** Where they go from the pods of a node, if its own come before all others; undefined if they do not. */
  readonly locals: readonly LocalEndpoints[] | undefined;
}

interface LocalEndpoints {
  readonly chain: string;
  readonly podRange: string;
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
  const ports = input.services.flatMap((service) =>
    portsOf(service, input.endpointsOf(serviceKey(service)), input.nodes),
  );
  const reached = ports.filter(({ endpoints }) => endpoints.length > 0);
  const refused = ports.filter(({ endpoints }) => endpoints.length === 0);
  const chains = reached.flatMap((each) => [
    each.chain,
    externalChain(each),
    ...(each.locals === undefined ? [] : [internalChain(each), ...each.locals.map(({ chain }) => chain)]),
    ...allEndpoints(each).map((endpoint) => endpointChain(each, endpoint)),
  ]);
  const kept = reached.filter(hasAffinity);
  const sets = kept.flatMap((each) => allEndpoints(each).map((endpoint) => affinitySet(each, endpoint)));
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
      reached.flatMap((each) => [
        ...at(
          clusterIpsOf([each.service]),
          each,
          `goto ${each.locals === undefined ? each.chain : internalChain(each)}`,
        ),
        ...at(externalIpsOf(each.service), each, `goto ${externalChain(each)}`),
      ]),
    ),
    ...elements("no-endpoint-services", [
      ...refused.flatMap((each) =>
        at([...clusterIpsOf([each.service]), ...externalIpsOf(each.service)], each, "goto reject-it"),
      ),
      // What was not translated came from a node without an endpoint of its own.
      ...reached.flatMap((each) =>
        each.locals === undefined ? [] : at(clusterIpsOf([each.service]), each, "drop"),
      ),
    ]),
    ...elements(
      "service-nodeports",
      reached.flatMap((each) => nodePortOf(each, `goto ${externalChain(each)}`)),
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
export const masqueradeMark = "0x4000";

function portsOf(
  service: Service,
  all: readonly EndpointState[],
  nodes: ServiceRulesInput["nodes"],
): PortRules[] {
  const { clusterIP, type, internalTrafficPolicy } = service.spec;
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
    const locals = internalTrafficPolicy === "Local" ? localsOf(chain, own, nodes) : undefined;
    return [{ chain, protocol, service, port, endpoints: routable(own), locals }];
  });
}

function localsOf(
  chain: string,
  own: readonly EndpointState[],
  nodes: ServiceRulesInput["nodes"],
): NonNullable<PortRules["locals"]> {
  const byNode = Map.groupBy(own, ({ nodeName }) => nodeName);
  return nodes.flatMap(({ name, podRange }) => {
    const endpoints = routable(byNode.get(name) ?? []);
    return endpoints.length === 0
      ? []
      : [{ chain: `${localChain(chain)}__${podRange}`, podRange, endpoints }];
  });
}

function localChain(chain: string): string {
  return chain.replace("service", "local");
}

function internalChain({ chain }: PortRules): string {
  return chain.replace("service", "internal");
}

function externalChain({ chain }: PortRules): string {
  return chain.replace("service", "external");
}

/** Every endpoint that a chain may go to, once. */
function allEndpoints({ endpoints, locals = [] }: PortRules): readonly EndpointState[] {
  return [...new Set([...endpoints, ...locals.flatMap((local) => local.endpoints)])];
}

function endpointChain({ chain }: PortRules, { ip, port }: EndpointState): string {
  return `${chain.replace("service", "endpoint")}__${ip}/${port}`;
}

function affinitySet({ chain }: PortRules, { ip, port }: EndpointState): string {
  return `${chain.replace("service", "affinity")}__${ip}/${port}`;
}

function affinitySets(each: PortRules): string[] {
  const type = `type ipv4_addr; flags dynamic,timeout; timeout ${affinitySeconds(each)}s;`;
  return allEndpoints(each).map((endpoint) => `set ${affinitySet(each, endpoint)} { ${type} }`);
}

function hasAffinity({ service }: PortRules): boolean {
  return service.spec.sessionAffinity === "ClientIP";
}

function affinitySeconds({ service }: PortRules): number {
  return service.spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800;
}

/** The chains of a Service port: one picks from all endpoints, one for each node from its own, and one is for each endpoint. */
function chainsOf(each: PortRules): string[] {
  const { chain, endpoints, locals, protocol } = each;
  const endpointChains = allEndpoints(each).map((endpoint) => [
    `chain ${endpointChain(each, endpoint)} {`,
    `  ip saddr ${endpoint.ip} meta mark set meta mark or ${masqueradeMark}`,
    ...(hasAffinity(each) ? [`  update @${affinitySet(each, endpoint)} { ip saddr }`] : []),
    `  meta l4proto ${protocol} dnat to ${endpoint.ip}:${endpoint.port}`,
    "}",
  ]);
  return [
    ...endpointChains.flat(),
    ...pickChain(each, chain, endpoints),
    ...externalChains(each),
    ...(locals ?? []).flatMap((local) => pickChain(each, local.chain, local.endpoints)),
    ...(locals === undefined
      ? []
      : [
          `chain ${internalChain(each)} {`,
          ...locals.map((local) => `  ip saddr ${local.podRange} goto ${local.chain}`),
          "}",
        ]),
  ];
}

function pickChain(each: PortRules, chain: string, endpoints: readonly EndpointState[]): string[] {
  const kept = hasAffinity(each)
    ? endpoints.map(
        (endpoint) => `  ip saddr @${affinitySet(each, endpoint)} goto ${endpointChain(each, endpoint)}`,
      )
    : [];
  const picks = endpoints.map((endpoint, index) => `${index} : goto ${endpointChain(each, endpoint)}`);
  const pick = `  numgen random mod ${endpoints.length} vmap { ${picks.join(", ")} }`;
  return [`chain ${chain} {`, ...kept, pick, "}"];
}

/**
 * For node ports and addresses from outside: connections come from a node's address, unless `externalTrafficPolicy` is Local.
 * Pods and nodes, from which all connections here come, reach every endpoint even then, as if they had gone out to the load
 * balancer and come in again ("short-circuit pod traffic" in proxier.go).
 */
function externalChains(each: PortRules): string[] {
  const keepsSource = each.service.spec.externalTrafficPolicy === "Local";
  return [
    `chain ${externalChain(each)} {`,
    ...(keepsSource ? [] : [`  meta mark set meta mark or ${masqueradeMark}`]),
    `  goto ${each.chain}`,
    "}",
  ];
}

/** External addresses of a Service, and those of its load balancer. */
function externalIpsOf({ spec: { externalIPs = [] }, status }: Service): string[] {
  const balancer = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
  return [...new Set([...externalIPs, ...balancer])].filter((ip) => isIPv4(ip));
}

function at(ips: readonly string[], { port, protocol }: PortRules, verdict: string): string[] {
  return ips.map((ip) => `${ip} . ${protocol} . ${port.port} : ${verdict}`);
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
