import { deepEqual, findClusterIpErrors, type FieldError, type Service } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { initIpFamilies } from "./ip-families.ts";
import { proxyToService } from "./proxy-to-service.ts";
import {
  allocateAddress,
  allocateHealthCheckPort,
  allocateNodePorts,
  needsHealthCheck,
} from "./service-allocation.ts";
import type { Behavior } from "../resource.ts";

/**
 * Services: they get a cluster IP and node ports, and keep them.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/registry/core/service/storage/storage.go
 */
export const serviceBehavior: Behavior = {
  prepareCreate(draft, context) {
    const service = draft as Service;
    service.status = { loadBalancer: {} };
    service.spec ??= {};
    normalizeClusterIPs(service.spec, undefined);
    return allocate(service, undefined, context);
  },
  prepareUpdate(draft, old, context) {
    const service = draft as Service;
    const before = old as Service;
    service.spec ??= {};
    keepAllocations(service.spec, before.spec);
    normalizeClusterIPs(service.spec, before.spec);
    const errors = allocate(service, before, context);
    if (errors.length === 0) dropUnusedFields(service.spec, before.spec);
    return errors;
  },
  subresources: [
    {
      name: "proxy",
      kind: { group: "", version: "v1", kind: "ServiceProxyOptions" },
      verbs: ["create", "delete", "get", "patch", "update"],
      connects: true,
      takesPaths: true,
      handle: proxyToService,
    },
  ],
};

type Spec = Service["spec"];

function allocate(service: Service, before: Service | undefined, context: ApiContext): readonly FieldError[] {
  const { spec } = service;
  // It has a default for other types, and Kubernetes leaves it out when it reads one that was of another type.
  if (spec.type === "ExternalName") delete spec.internalTrafficPolicy;
  else {
    const errors = [...findClusterIpErrors(spec, before?.spec)];
    if (errors.length > 0) return errors;
    const families = initIpFamilies(spec);
    if (families.length > 0) return families;
    const isNew = before === undefined || before.spec.type === "ExternalName";
    const addresses = isNew && spec.clusterIPs?.[0] !== "None" ? allocateAddress(service, context) : [];
    if (addresses.length > 0) return addresses;
  }
  const ports = hasNodePorts(spec) ? allocateNodePorts(service, before, context) : [];
  if (ports.length === 0 && needsHealthCheck(spec)) allocateHealthCheckPort(service, context);
  return ports;
}

function hasNodePorts({ type }: Spec): boolean {
  return type === "NodePort" || type === "LoadBalancer";
}

/** clusterIP and the first of clusterIPs say the same; a client may know one of them only. */
function normalizeClusterIPs(spec: Spec, before: Spec | undefined): void {
  const plural = spec.clusterIPs ?? [];
  if (before === undefined) {
    if ((spec.clusterIP ?? "") !== "" && plural.length === 0) spec.clusterIPs = [spec.clusterIP ?? ""];
    return;
  }
  const samePlural = deepEqual(plural, before.clusterIPs ?? []);
  if (spec.clusterIP === before.clusterIP) {
    if (plural.length === 0 && before.clusterIPs !== undefined) spec.clusterIPs = before.clusterIPs;
  } else if (samePlural) {
    if ((spec.clusterIP ?? "") === "") delete spec.clusterIPs;
    else spec.clusterIPs = [spec.clusterIP ?? ""];
  }
}

/** patchAllocatedValues: an update that does not mention what was allocated keeps it. */
function keepAllocations(spec: Spec, before: Spec): void {
  if (spec.type !== "ExternalName" && before.type !== "ExternalName") {
    if ((spec.clusterIP ?? "") === "" && before.clusterIP !== undefined) spec.clusterIP = before.clusterIP;
    if ((spec.clusterIPs ?? []).length === 0 && before.clusterIPs !== undefined)
      spec.clusterIPs = before.clusterIPs;
    if ((spec.ipFamilies ?? []).length === 0 && before.ipFamilies !== undefined)
      spec.ipFamilies = before.ipFamilies;
    if (spec.ipFamilyPolicy === undefined && before.ipFamilyPolicy !== undefined)
      spec.ipFamilyPolicy = before.ipFamilyPolicy;
  }
  if (hasNodePorts(spec) && hasNodePorts(before)) keepNodePorts(spec, before);
  if (needsHealthCheck(spec) && needsHealthCheck(before) && before.healthCheckNodePort !== undefined)
    spec.healthCheckNodePort ??= before.healthCheckNodePort;
}

/** By name; but one that another port of the Service now asks for is not given twice. */
function keepNodePorts(spec: Spec, before: Spec): void {
  const asked = new Set((spec.ports ?? []).map(({ nodePort }) => nodePort));
  const known = new Map((before.ports ?? []).map(({ name = "", nodePort }) => [name, nodePort]));
  for (const port of spec.ports ?? []) {
    const nodePort = known.get(port.name ?? "");
    if ((port.nodePort ?? 0) === 0 && nodePort !== undefined && !asked.has(nodePort))
      port.nodePort = nodePort;
  }
}

/** dropTypeDependentFields: what the type before had been given, and the new one has no use for. */
function dropUnusedFields(spec: Spec, before: Spec): void {
  if (spec.type === "ExternalName" && before.type !== "ExternalName") {
    const sameAddress = spec.clusterIP === before.clusterIP && deepEqual(spec.clusterIPs, before.clusterIPs);
    if (sameAddress) drop(spec, ["clusterIP", "clusterIPs"]);
    if (deepEqual(spec.ipFamilies, before.ipFamilies)) drop(spec, ["ipFamilies"]);
    if (spec.ipFamilyPolicy === before.ipFamilyPolicy) drop(spec, ["ipFamilyPolicy"]);
  }
  const nodePortsOf = ({ ports }: Spec) => new Set((ports ?? []).map(({ nodePort = 0 }) => nodePort));
  const sameNodePorts = deepEqual([...nodePortsOf(spec)].toSorted(), [...nodePortsOf(before)].toSorted());
  if (hasNodePorts(before) && !hasNodePorts(spec) && sameNodePorts)
    for (const port of spec.ports ?? []) delete port.nodePort;
  if (needsHealthCheck(before) && !needsHealthCheck(spec)) dropSame(spec, before, "healthCheckNodePort");
  if (before.type === "LoadBalancer" && spec.type !== "LoadBalancer") {
    dropSame(spec, before, "allocateLoadBalancerNodePorts");
    dropSame(spec, before, "loadBalancerClass");
  }
  if (isExternallyAccessible(before) && !isExternallyAccessible(spec))
    dropSame(spec, before, "externalTrafficPolicy");
}

function isExternallyAccessible(spec: Spec): boolean {
  return hasNodePorts(spec) || (spec.type === "ClusterIP" && (spec.externalIPs ?? []).length > 0);
}

function dropSame(spec: Spec, before: Spec, field: keyof Spec): void {
  if (spec[field] === before[field]) drop(spec, [field]);
}

function drop(spec: Spec, fields: readonly (keyof Spec)[]): void {
  for (const field of fields) delete spec[field];
}
