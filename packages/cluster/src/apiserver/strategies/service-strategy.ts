import type { Service } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { invalidValue, type FieldError } from "../status-error.ts";
import { allocateAddress, allocateNodePorts } from "./service-allocation.ts";
import type { Strategy } from "./strategy.ts";

/** Services: they get a cluster IP and node ports, and keep them. */
export const serviceStrategy: Strategy = {
  status: "isolated",
  createOnUpdate: true,
  returnsDeleted: true,
  selectableFields: (object) => ({
    "spec.clusterIP": (object as Service).spec.clusterIP,
    "spec.type": (object as Service).spec.type,
  }),
  prepareCreate(draft, context) {
    const service = draft as Service;
    service.status = { loadBalancer: {} };
    return allocate(service, undefined, context);
  },
  prepareUpdate(draft, old, context) {
    const service = draft as Service;
    const before = old as Service;
    keepAllocations(service, before);
    const errors = addressErrors(service, before);
    return errors.length > 0 ? errors : allocate(service, before, context);
  },
};

function allocate(service: Service, before: Service | undefined, context: ApiContext): FieldError[] {
  const { spec } = service;
  spec.type ??= "ClusterIP";
  spec.sessionAffinity ??= "None";
  if (spec.type === "ExternalName") {
    for (const field of ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] as const)
      delete spec[field];
    return [];
  }
  spec.internalTrafficPolicy ??= "Cluster";
  spec.ipFamilies ??= ["IPv4"];
  spec.ipFamilyPolicy ??= "SingleStack";
  spec.clusterIP ??= spec.clusterIPs?.[0] ?? "";
  const errors = spec.clusterIP === "None" ? [] : allocateAddress(service, context);
  spec.clusterIPs = [spec.clusterIP];
  if (spec.type === "ClusterIP") {
    for (const port of spec.ports ?? []) if (before !== undefined) delete port.nodePort;
    delete spec.externalTrafficPolicy;
    delete spec.allocateLoadBalancerNodePorts;
    return errors;
  }
  spec.externalTrafficPolicy ??= "Cluster";
  if (spec.type === "LoadBalancer") spec.allocateLoadBalancerNodePorts ??= true;
  return [...errors, ...allocateNodePorts(service, context)];
}

/** patchAllocatedValues: an update that does not mention what was allocated keeps it. */
function keepAllocations({ spec }: Service, { spec: before }: Service): void {
  if (spec.type === "ExternalName" || before.type === "ExternalName") return;
  if ((spec.clusterIP ?? "") === "" && before.clusterIP !== undefined) spec.clusterIP = before.clusterIP;
  if (spec.ipFamilies === undefined && before.ipFamilies !== undefined) spec.ipFamilies = before.ipFamilies;
  if (spec.ipFamilyPolicy === undefined && before.ipFamilyPolicy !== undefined)
    spec.ipFamilyPolicy = before.ipFamilyPolicy;
  if (spec.type === "ClusterIP") return;
  for (const port of spec.ports ?? []) {
    const same = before.ports?.find((other) => other.port === port.port && other.protocol === port.protocol);
    if (port.nodePort === undefined && same?.nodePort !== undefined) port.nodePort = same.nodePort;
  }
}

function addressErrors({ spec }: Service, { spec: before }: Service): FieldError[] {
  if (spec.type === "ExternalName" || before.type === "ExternalName") return [];
  if (spec.clusterIP === before.clusterIP) return [];
  return [invalidValue("spec.clusterIPs[0]", [spec.clusterIP], "may not change once set")];
}
