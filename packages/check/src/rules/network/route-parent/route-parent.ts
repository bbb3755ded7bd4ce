import { formatObjectName, nearestName, type Gateway } from "@seaworthy/kube";
import { inNamespace } from "../../../objects/in-namespace.ts";
import { gatewayGroup, letsIn, routeParents } from "../../../objects/network/gateways.ts";
import { mayMeet } from "../../../objects/object-set.ts";
import { isUnreadable } from "../../../objects/references/unreadable.ts";
import type { Rule } from "../../../rule.ts";

/** A route that no Gateway takes. */
export const routeParent: Rule = {
  id: "route-parent",
  severity: "error",
  title: "a route is attached to no listener",
  why: `A route works only when a listener of a Gateway takes it. With a wrong name of the Gateway or of its listener, or from a namespace that
the listener does not let in (without \`allowedRoutes\` that is every other one), it is stored, gets a condition, and no request ever
comes by it.`,
  mend: "Correct the parent's name or section, or let the route's namespace in by `allowedRoutes.namespaces`.",
  sources: [
    "https://gateway-api.sigs.k8s.io/concepts/api-overview/#attaching-routes-to-gateways",
    "https://gateway-api.sigs.k8s.io/reference/spec/#parentreference",
  ],
  profile: "default",
  *check(set) {
    for (const { manifest, reference, index, gateway, listeners } of routeParents(set)) {
      const { object } = manifest;
      const route = formatObjectName(object);
      const at = ["spec", "parentRefs", index];
      const near = inNamespace(object, reference.namespace);
      if (gateway === undefined) {
        const names = set
          .of<Gateway>("Gateway", gatewayGroup)
          .filter((each) => mayMeet(each.object, near))
          .map((each) => each.object.metadata.name);
        const meant = nearestName(reference.name, names);
        // Gateways are often those of another team; a name that is nearly that of one of these is not.
        if (meant === undefined || isUnreadable(set, near, "Gateway", reference.name)) continue;
        const path = [...at, "name"];
        yield {
          manifest,
          path,
          message: `${route} is attached to Gateway ${reference.name}, which is not in ${set.home}`,
          label: `did you mean ${meant}?`,
          next: [`name: ${meant}`],
          fix: { isSafe: false, edits: [{ manifest, path, op: "set", value: meant }] },
        };
        continue;
      }
      const { file, line } = gateway.locate(["spec", "listeners"]);
      const all = gateway.object.spec?.listeners ?? [];
      if (listeners.length === 0) {
        const field = all.some(({ name }) => name === reference.sectionName) ? "port" : "sectionName";
        yield {
          manifest,
          path: [...at, reference[field] === undefined ? "port" : field],
          message: `${route} is attached to a listener that ${formatObjectName(gateway.object)} does not have`,
          label: "there is no such listener",
          seen: [
            `${file}:${line} its listeners: ${all.map(({ name, port }) => `${name} ${port}`).join(", ")}`,
          ],
          next: [`sectionName: ${all[0]?.name ?? "the listener's name"}, or none for all of them`],
        };
      } else if (!listeners.some((listener) => letsIn(listener, gateway.object, object))) {
        yield {
          manifest,
          path: at,
          message: `${route} is in a namespace that ${formatObjectName(gateway.object)} does not let in`,
          label: "only routes of the Gateway's own namespace are taken",
          seen: [`${file}:${line} listener ${listeners[0]!.name} has no allowedRoutes for other namespaces`],
          next: [
            "allowedRoutes: {namespaces: {from: All}} at the listener, or from: Selector with the namespace's labels",
          ],
        };
      }
    }
  },
};
