import { formatObjectName, type Ingress } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";

/** An Ingress for a controller that nobody maintains. */
export const retiredIngressNginx = objectRule<Ingress>(
  {
    id: "retired-ingress-nginx",
    severity: "advice",
    title: "an Ingress is written for ingress-nginx, which is retired",
    kind: "Ingress",
    group: "networking.k8s.io",
    why: `The project ended in March 2026: no release and no security fix comes any more. Annotations with its name are understood by no other
controller, or by halves, so that each of them is a step that a move to another edge has to take.`,
    mend: "Move to an HTTPRoute of the Gateway API, or to the annotations of another controller.",
    sources: [
      "https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/",
      "https://gateway-api.sigs.k8s.io/guides/migrating-from-ingress/",
    ],
    profile: "strict",
  },
  function* ({ object }) {
    const [key, ...more] = Object.keys(object.metadata.annotations ?? {}).filter((each) =>
      each.startsWith("nginx.ingress.kubernetes.io/"),
    );
    if (key === undefined) return;
    yield {
      path: ["metadata", "annotations", key],
      atKey: true,
      message: `${formatObjectName(object)} is written for ingress-nginx, which is retired`,
      label:
        more.length === 0
          ? "only ingress-nginx reads it"
          : `and ${more.length} more that only ingress-nginx reads`,
      next: ["write an HTTPRoute, or the annotations of the controller that you move to"],
    };
  },
);
