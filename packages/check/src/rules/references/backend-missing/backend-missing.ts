import { formatObjectName, nearestName, type Service } from "@seaworthy/kube";
import { ownerOf, serviceOf } from "../../../objects/network/backend-service.ts";
import { backendsOf } from "../../../objects/network/backends.ts";
import { near } from "../../../objects/near.ts";
import { isUnreadable } from "../../../objects/references/unreadable.ts";
import type { Rule } from "../../../rule.ts";

/** An Ingress or a route to a Service that is not there. */
export const backendMissing: Rule = {
  id: "backend-missing",
  severity: "warning",
  title: "a route leads to a Service that is not there",
  why: `Requests of this path are answered with 503 or 404 by the edge, whatever the pods do. Services of this namespace are among the
files, and this one is not, so that its name is probably wrong. A Service that another team or a chart makes can be named in an
ignore, with that reason.`,
  mend: "Write the name of the Service, or add the Service.",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/ingress/",
    "https://gateway-api.sigs.k8s.io/reference/spec/#httproutestatus",
  ],
  profile: "default",
  peers: { "kube-score": ["ingress-targets-service"], "kube-linter": ["dangling-ingress"] },
  *check(set) {
    for (const backend of backendsOf(set)) {
      const owner = ownerOf(backend);
      if (serviceOf(backend, set) !== undefined) continue;
      if (isUnreadable(set, owner, "Service", backend.service)) continue;
      const services = near<Service>(set, owner, "Service");
      if (services.length === 0) continue;
      const names = services.map(({ object }) => object.metadata.name);
      const meant = nearestName(backend.service, names);
      yield {
        manifest: backend.manifest,
        path: backend.path,
        message: `${formatObjectName(backend.manifest.object)} sends to Service ${backend.service}, which is not in ${set.home}`,
        label: meant === undefined ? "there is no such Service" : `did you mean ${meant}?`,
        seen: [`Services of this namespace: ${names.slice(0, 6).join(", ")}${names.length > 6 ? ", …" : ""}`],
        next: [meant === undefined ? `add Service ${backend.service}` : `write ${meant}`],
        ...(meant === undefined || backend.namespace !== undefined
          ? {}
          : {
              fix: {
                isSafe: false,
                edits: [{ manifest: backend.manifest, path: backend.path, op: "set", value: meant }],
              },
            }),
      };
    }
  },
};
