import { isIP } from "node:net";
import {
  deepEqual,
  type Endpoint,
  type EndpointAddress,
  type EndpointSlice,
  type EndpointSubset,
  type Endpoints,
} from "@seaworthy/kube";
import { type SlicePlan, portsKey, sliceLabels } from "../endpoint-slice/plan-endpoint-slices.ts";
import { controllerReference } from "../pod-owners/claim-objects.ts";
import { repackSubsets } from "./repack-subsets.ts";

/** The value of the managed-by label of slices that mirror Endpoints. */
export const mirrorManager = "endpointslicemirroring-controller.k8s.io";

/** How many addresses of one subset are mirrored; the others are left out (MirroringMaxEndpointsPerSubset). */
export const mostMirrored = 1000;

/** What must be written so that the slices show what the Endpoints say, and how many addresses they leave out. */
export interface MirrorPlan extends SlicePlan {
  readonly leftOut: number;
}

/**
 * One slice for each set of ports and each family of addresses, as a subset is one
 * (k8s.io/kubernetes/pkg/controller/endpointslicemirroring/reconciler.go). Slices that would go take in what would be new.
 */
export function planMirroredSlices(endpoints: Endpoints, present: readonly EndpointSlice[]): MirrorPlan {
  const subsets = repackSubsets(endpoints.subsets ?? []);
  const wanted = subsets.flatMap((subset) => slicesOf(endpoints, subset));
  const create: EndpointSlice[] = [];
  const update: EndpointSlice[] = [];
  const left = new Set(present);
  const fresh: EndpointSlice[] = [];
  for (const slice of wanted) {
    const same = [...left].find((one) => keyOfSlice(one) === keyOfSlice(slice));
    if (same === undefined) fresh.push(slice);
    else {
      left.delete(same);
      if (!isAsWanted(same, slice)) update.push(replaced(same, slice));
    }
  }
  for (const slice of fresh) {
    const spare = [...left].find(({ addressType }) => addressType === slice.addressType);
    if (spare === undefined) create.push(slice);
    else {
      left.delete(spare);
      update.push(replaced(spare, slice));
    }
  }
  const leftOut = subsets.reduce(
    (sum, subset) => sum + Math.max(0, addressesOf(subset).length - mostMirrored),
    0,
  );
  return { create, update, remove: [...left], leftOut };
}

function slicesOf(endpoints: Endpoints, subset: EndpointSubset): EndpointSlice[] {
  const shown = addressesOf(subset).slice(0, mostMirrored);
  return (["IPv4", "IPv6"] as const).flatMap((addressType) => {
    const own = shown.filter(({ address: { ip } }) => isIP(ip) === (addressType === "IPv4" ? 4 : 6));
    if (own.length === 0) return [];
    return [
      {
        apiVersion: "discovery.k8s.io/v1",
        kind: "EndpointSlice",
        metadata: metadataOf(endpoints),
        addressType,
        endpoints: own.map(({ address, ready }) => endpointOf(address, ready)),
        ports: (subset.ports ?? []).map(({ name = "", ...port }) => ({ name, ...port })),
      },
    ];
  });
}

function addressesOf({ addresses = [], notReadyAddresses = [] }: EndpointSubset) {
  return [
    ...addresses.map((address) => ({ address, ready: true })),
    ...notReadyAddresses.map((address) => ({ address, ready: false })),
  ];
}

function endpointOf({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): Endpoint {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname === undefined || hostname === "" ? {} : { hostname }),
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(targetRef === undefined ? {} : { targetRef }),
  };
}

function metadataOf(endpoints: Endpoints): EndpointSlice["metadata"] {
  const { name, namespace, labels, annotations } = endpoints.metadata;
  const {
    "endpoints.kubernetes.io/last-change-trigger-time": _changed,
    "kubectl.kubernetes.io/last-applied-configuration": _applied,
    ...kept
  } = annotations ?? {};
  return {
    name: "",
    generateName: `${name}-`,
    ...(namespace === undefined ? {} : { namespace }),
    labels: { ...labels, [sliceLabels.serviceName]: name, [sliceLabels.managedBy]: mirrorManager },
    annotations: kept,
    ownerReferences: [controllerReference(endpoints)],
  };
}

function keyOfSlice({ addressType, ports }: EndpointSlice): string {
  return `${addressType} ${portsKey(ports ?? [])}`;
}

function isAsWanted(present: EndpointSlice, wanted: EndpointSlice): boolean {
  return (
    deepEqual(present.endpoints ?? [], wanted.endpoints ?? []) &&
    deepEqual(present.metadata.labels ?? {}, wanted.metadata.labels ?? {}) &&
    deepEqual(present.metadata.annotations ?? {}, wanted.metadata.annotations ?? {})
  );
}

/** The wanted slice under the name of one that is there. */
function replaced({ metadata }: EndpointSlice, wanted: EndpointSlice): EndpointSlice {
  const { labels, annotations, ownerReferences } = wanted.metadata;
  return {
    ...wanted,
    metadata: {
      ...metadata,
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(ownerReferences === undefined ? {} : { ownerReferences }),
    },
  };
}
