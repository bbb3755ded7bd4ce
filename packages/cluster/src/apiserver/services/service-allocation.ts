import { invalidValue, type FieldError, type KubeObject, type Service } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { StatusError } from "../http/status-error.ts";

const firstAddress = (10 << 24) | (96 << 16);
const addressCount = 2 ** 20;
/** Kubernetes keeps the lowest addresses for those who ask for a certain one (ServiceIPStaticSubrange). */
const staticAddresses = 256;
const firstNodePort = 30_000;
const lastNodePort = 32_767;
/** So many nodePorts at the low end are kept for those who ask for a certain one. */
const staticNodePorts = 86;

/** Gives a service a cluster IP that no other has, or checks the one that it asks for. */
export function allocateAddress(service: Service, context: ApiContext): FieldError[] {
  const { spec } = service;
  const taken = new Set(otherServices(service, context).map((other) => other.spec.clusterIP));
  const asked = spec.clusterIPs?.[0] ?? "";
  if (asked !== "") {
    const refused = (why: string) => [
      invalidValue("spec.clusterIPs", spec.clusterIPs, `failed to allocate IP ${asked}: ${why}`),
    ];
    if (!inNetwork(asked)) return refused("the provided network does not match the current range");
    return taken.has(asked) ? refused("provided IP is already allocated") : [];
  }
  const span = addressCount - staticAddresses - 1;
  const start = Math.floor(context.random() * span);
  for (let tries = 0; tries < span; tries += 1) {
    const address = formatAddress(firstAddress + staticAddresses + ((start + tries) % span));
    if (taken.has(address)) continue;
    spec.clusterIP = address;
    spec.clusterIPs = [address];
    return [];
  }
  throw new StatusError(
    500,
    "InternalError",
    "Internal error occurred: failed to allocate a serviceIP: range is full",
  );
}

/**
 * Gives each port of a NodePort or LoadBalancer service a node port, or checks those it asks for. Ports of one number
 * (TCP and UDP) share theirs in a new Service. The first that cannot be had refuses the Service.
 */
export function allocateNodePorts(
  service: Service,
  before: Service | undefined,
  context: ApiContext,
): FieldError[] {
  const { ports = [] } = service.spec;
  const taken = new Set(otherServices(service, context).flatMap(nodePortsOf));
  const kept = new Set(before === undefined ? [] : nodePortsOf(before));
  const given = new Map<number, number>();
  for (const [index, { nodePort = 0, port }] of ports.entries()) {
    if (nodePort === 0 || kept.has(nodePort) || given.get(port) === nodePort) continue;
    const field = `spec.ports[${index}].nodePort`;
    if (nodePort < firstNodePort || nodePort > lastNodePort) {
      const range = `${firstNodePort}-${lastNodePort}`;
      const why = `provided port is not in the valid range. The range of valid ports is ${range}`;
      return [invalidValue(field, nodePort, why)];
    }
    if (taken.has(nodePort)) return [invalidValue(field, nodePort, "provided port is already allocated")];
    taken.add(nodePort);
    given.set(port, nodePort);
  }
  if (service.spec.type === "LoadBalancer" && service.spec.allocateLoadBalancerNodePorts === false) return [];
  for (const port of ports) {
    if ((port.nodePort ?? 0) !== 0) continue;
    const same = ports.find((other) => other.port === port.port && (other.nodePort ?? 0) !== 0);
    port.nodePort =
      (before === undefined ? same?.nodePort : undefined) ??
      freeNodePort(new Set([...taken, ...nodePortsOf(service)]), context);
  }
  return [];
}

/** Gives a service the port at which nodes say whether they have an endpoint of it. */
export function allocateHealthCheckPort(service: Service, context: ApiContext): void {
  if ((service.spec.healthCheckNodePort ?? 0) !== 0) return;
  const taken = new Set([...otherServices(service, context), service].flatMap(nodePortsOf));
  service.spec.healthCheckNodePort = freeNodePort(taken, context);
}

/** Whether a load balancer asks the nodes for the endpoints they have. */
export function needsHealthCheck({ type, externalTrafficPolicy }: Service["spec"]): boolean {
  return type === "LoadBalancer" && externalTrafficPolicy === "Local";
}

function freeNodePort(taken: ReadonlySet<number>, { random }: ApiContext): number {
  const first = firstNodePort + staticNodePorts;
  const count = lastNodePort - first + 1;
  const start = Math.floor(random() * count);
  for (let tries = 0; tries < count; tries += 1) {
    const port = first + ((start + tries) % count);
    if (!taken.has(port)) return port;
  }
  throw new RangeError("no nodePort is free");
}

function nodePortsOf({ spec }: Service): number[] {
  const ports = [...(spec.ports ?? []).map(({ nodePort = 0 }) => nodePort), spec.healthCheckNodePort ?? 0];
  return ports.filter((port) => port !== 0);
}

function inNetwork(address: string): boolean {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || !parts.every((part) => Number.isInteger(part) && part >= 0 && part < 256))
    return false;
  const [first = 0, second = 0] = parts;
  return first === 10 && second >= 96 && second < 112;
}

function formatAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
}

function otherServices(service: KubeObject, { store }: ApiContext): Service[] {
  const { namespace, name } = service.metadata;
  return store
    .list("/services")
    .map(({ object }) => object as Service)
    .filter(({ metadata }) => metadata.namespace !== namespace || metadata.name !== name);
}
