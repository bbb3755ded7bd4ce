import { formatObjectName, type FieldPath, type Ingress, type Manifest } from "@seaworthy/kube";
import type { Rule } from "../../../rule.ts";

/** Two Ingresses that want the same requests. */
export const hostCollision: Rule = {
  id: "host-collision",
  severity: "error",
  title: "two Ingresses have the same host and path",
  why: `Only one of them gets the requests: with most controllers the older one, so that the order in which they were made decides, and a
cluster that is built anew behaves otherwise. In two namespaces one team takes the requests of another.`,
  mend: "Give one of them another host or path, or remove it.",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches",
    "https://kubernetes.github.io/ingress-nginx/user-guide/basic-usage/",
  ],
  profile: "default",
  *check(set) {
    const first = new Map<string, Claim>();
    for (const manifest of set.of<Ingress>("Ingress", "networking.k8s.io"))
      for (const claim of claimsOf(manifest, manifest.object)) {
        const earlier = first.get(claim.id);
        first.set(claim.id, earlier ?? claim);
        if (earlier === undefined || earlier.target === claim.target) continue;
        const { file, line } = earlier.manifest.locate(earlier.path);
        const other = formatObjectName(earlier.manifest.object);
        yield {
          manifest,
          path: claim.path,
          message: `${formatObjectName(manifest.object)} has the host and path of ${other}: only one of them gets the requests`,
          label: `${claim.shown} is taken`,
          seen: [`${file}:${line} ${other} sends them to Service ${earlier.service}`],
          next: ["give one of the two another host or path, or remove it"],
        };
      }
  },
};

/** What an Ingress wants to have. */
interface Claim {
  readonly manifest: Manifest;
  readonly id: string;
  readonly shown: string;
  readonly path: FieldPath;
  readonly service: string;
  readonly target: string;
}

function claimsOf(manifest: Manifest, { metadata, spec }: Ingress): Claim[] {
  const annotations = metadata.annotations ?? {};
  // A canary is meant to share; and some controllers choose by more than host and path.
  const isShare = Object.entries(annotations).some(
    ([key, value]) =>
      (key.endsWith("/canary") && value === "true") || /priority|conditions|match|action/i.test(key),
  );
  if (isShare) return [];
  const className = spec.ingressClassName ?? annotations["kubernetes.io/ingress.class"] ?? "";
  return (spec.rules ?? []).flatMap(({ host = "", http }, rule) =>
    (http?.paths ?? []).map(({ path = "/", pathType, backend }, index) => ({
      manifest,
      id: JSON.stringify([
        className,
        host,
        pathType === "Prefix" ? path.replace(/(?<=.)\/$/, "") : path,
        pathType,
      ]),
      shown: `${host || "*"}${path}`,
      path: ["spec", "rules", rule, "http", "paths", index, "path"],
      service: backend.service?.name ?? "",
      target: JSON.stringify([metadata.namespace, backend]),
    })),
  );
}
