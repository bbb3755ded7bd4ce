import { formatObjectName, type ReferenceGrant } from "@seaworthy/kube";
import { backendsOf } from "../../../objects/network/backends.ts";
import { gatewayGroup } from "../../../objects/network/gateways.ts";
import { namespaceOf } from "../../../objects/object-set.ts";
import type { Rule } from "../../../rule.ts";

/** A route to a Service of a namespace that has not agreed. */
export const routeWithoutGrant: Rule = {
  id: "route-without-grant",
  severity: "error",
  title: "a route leads to another namespace without its leave",
  why: `A route of the Gateway API may send to Services of its own namespace. For another one, that namespace must hold a ReferenceGrant;
without it requests are answered with 500. Objects of that namespace are among the files, and no grant for this route is.`,
  mend: "Add a ReferenceGrant to the namespace of the Service.",
  sources: ["https://gateway-api.sigs.k8s.io/api-types/referencegrant/"],
  profile: "default",
  *check(set) {
    for (const { manifest, namespace, path, service } of backendsOf(set)) {
      const { object } = manifest;
      const from = object.metadata.namespace;
      if (!object.apiVersion.startsWith(`${gatewayGroup}/`)) continue;
      if (namespace === undefined || from === undefined || namespace === from) continue;
      const isKnown = set.manifests.some((each) => each.object.metadata.namespace === namespace);
      const isGranted = set
        .of<ReferenceGrant>("ReferenceGrant", gatewayGroup)
        .some(
          (grant) =>
            namespaceOf(grant.object) === namespace &&
            (grant.object.spec.from ?? []).some(
              (each) => each.kind === object.kind && each.namespace === from,
            ) &&
            (grant.object.spec.to ?? []).some(
              (each) => each.kind === "Service" && (each.name ?? service) === service,
            ),
        );
      if (!isKnown || isGranted) continue;
      yield {
        manifest,
        path: [...path.slice(0, -1), "namespace"],
        message: `${formatObjectName(object)} sends to Service ${namespace}/${service}, and namespace ${namespace} has not agreed`,
        label: "another namespace",
        next: [
          `add a ReferenceGrant to namespace ${namespace}: from ${object.kind} of ${from}, to Service ${service}`,
        ],
      };
    }
  },
};
