import type { KubeObject, Service } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { invalidValue, type FieldError } from "../status-error.ts";

const network = "10.96.0.0/12";
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
  if (spec.clusterIP === undefined || spec.clusterIP === "") {
    const span = addressCount - staticAddresses - 1;
    const start = Math.floor(context.random() * span);
    for (let tries = 0; tries < span; tries += 1) {
      const address = formatAddress(firstAddress + staticAddresses + ((start + tries) % span));
      if (taken.has(address)) continue;
      spec.clusterIP = address;
      return [];
    }
    return [
      { reason: "FieldValueInvalid", field: "spec.clusterIPs", message: "Internal error: range is full" },
    ];
  }
  const failed = `failed to allocate IP ${spec.clusterIP}: `;
  if (!inNetwork(spec.clusterIP)) {
    const why = `the provided IP (${spec.clusterIP}) is not in the valid range. The range of valid IPs is ${network}`;
    return [invalidValue("spec.clusterIPs", [spec.clusterIP], failed + why)];
  }
  return taken.has(spec.clusterIP)
    ? [invalidValue("spec.clusterIPs", [spec.clusterIP], `${failed}provided IP is already allocated`)]
    : [];
}

/** Gives each port of a NodePort or LoadBalancer service a node port, or checks those it asks for. */
export function allocateNodePorts(service: Service, context: ApiContext): FieldError[] {
  const errors: FieldError[] = [];
  const taken = new Set(otherServices(service, context).flatMap(nodePortsOf));
  if (service.spec.type === "LoadBalancer" && service.spec.allocateLoadBalancerNodePorts === false)
    return errors;
  for (const [index, port] of (service.spec.ports ?? []).entries()) {
    const field = `spec.ports[${index}].nodePort`;
    const { nodePort } = port;
    if (nodePort === undefined || nodePort === 0) continue;
    if (nodePort < firstNodePort || nodePort > lastNodePort) {
      const why = `provided port is not in the valid range. The range of valid ports is ${firstNodePort}-${lastNodePort}`;
      errors.push(invalidValue(field, nodePort, why));
    } else if (taken.has(portKey(port.protocol, nodePort))) {
      errors.push(invalidValue(field, nodePort, "provided port is already allocated"));
    }
    taken.add(portKey(port.protocol, nodePort));
  }
  for (const port of service.spec.ports ?? []) {
    if (port.nodePort !== undefined && port.nodePort !== 0) continue;
    port.nodePort = freeNodePort(port.protocol, taken, context);
    taken.add(portKey(port.protocol, port.nodePort));
  }
  return errors;
}

function freeNodePort(
  protocol: string | undefined,
  taken: ReadonlySet<string>,
  { random }: ApiContext,
): number {
  const first = firstNodePort + staticNodePorts;
  const count = lastNodePort - first + 1;
  const start = Math.floor(random() * count);
  for (let tries = 0; tries < count; tries += 1) {
    const port = first + ((start + tries) % count);
    if (!taken.has(portKey(protocol, port))) return port;
  }
  throw new RangeError("no nodePort is free");
}

function nodePortsOf(service: Service): string[] {
  return (service.spec.ports ?? []).flatMap(({ protocol, nodePort }) =>
    nodePort === undefined ? [] : [portKey(protocol, nodePort)],
  );
}

function portKey(protocol: string | undefined, nodePort: number): string {
  return `${protocol ?? "TCP"}/${nodePort}`;
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
