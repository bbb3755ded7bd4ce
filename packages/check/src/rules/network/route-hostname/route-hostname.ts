import { formatObjectName } from "@seaworthy/kube";
import { hostsMeet, routeParents } from "../../../objects/network/gateways.ts";
import type { Rule } from "../../../rule.ts";

/** A host of a route that none of its listeners serves. */
export const routeHostname: Rule = {
  id: "route-hostname",
  severity: "error",
  title: "no listener serves a route's host",
  why: `A listener with a \`hostname\` takes requests for that host only. A host of a route that no listener of its Gateways covers gets 404
from the edge, or has no certificate.`,
  mend: "Write a host that the listener covers, or widen the listener, for example to `*.example.com`.",
  sources: ["https://gateway-api.sigs.k8s.io/reference/spec/#hostname"],
  profile: "default",
  *check(set) {
    for (const [manifest, parents] of Map.groupBy(routeParents(set), (parent) => parent.manifest)) {
      const listeners = parents.flatMap((parent) => parent.listeners);
      // Of a Gateway that is not among the files nobody knows the hosts.
      if (listeners.length === 0 || parents.some(({ gateway }) => gateway === undefined)) continue;
      for (const [index, host] of (manifest.object.spec?.hostnames ?? []).entries()) {
        if (listeners.some(({ hostname }) => hostsMeet(hostname, host))) continue;
        const { file, line } = parents[0]!.gateway!.locate(["spec", "listeners"]);
        yield {
          manifest,
          path: ["spec", "hostnames", index],
          message: `${formatObjectName(manifest.object)} has the host ${host}, which no listener of its Gateway serves`,
          label: "no listener has this host",
          seen: [
            `${file}:${line} the listeners serve ${listeners.map(({ hostname }) => hostname).join(", ")}`,
          ],
          next: ["write a host of the listener, or add it to the Gateway"],
        };
      }
    }
  },
};
