import { formatObjectName, type Ingress, type IngressClass } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";

/** An Ingress that no controller may take. */
export const ingressNoClass = objectRule<Ingress>(
  {
    id: "ingress-no-class",
    severity: "warning",
    title: "an Ingress names no class",
    kind: "Ingress",
    group: "networking.k8s.io",
    why: `An Ingress without a class is taken by the default IngressClass, if the cluster has one, and by nobody if it has none: then it gets no
address, and no event says so. With two controllers in the cluster both may take it.`,
    mend: "Write `ingressClassName`.",
    sources: ["https://kubernetes.io/docs/concepts/services-networking/ingress/#default-ingress-class"],
    profile: "default",
  },
  function* (manifest, set) {
    const { metadata, spec } = manifest.object;
    if (spec.ingressClassName !== undefined) return;
    if (metadata.annotations?.["kubernetes.io/ingress.class"] !== undefined) return;
    const classes = set.of<IngressClass>("IngressClass", "networking.k8s.io");
    const isDefault = "ingressclass.kubernetes.io/is-default-class";
    if (classes.some(({ object }) => object.metadata.annotations?.[isDefault] === "true")) return;
    const [only] = classes;
    const isNginx = Object.keys(metadata.annotations ?? {}).some((key) => key.startsWith("nginx.ingress."));
    const name = classes.length === 1 ? only!.object.metadata.name : isNginx ? "nginx" : undefined;
    yield {
      path: ["spec", "ingressClassName"],
      message: `${formatObjectName(manifest.object)} names no class, so perhaps no controller takes it`,
      label: "ingressClassName is missing",
      next: [
        name === undefined ? "ingressClassName: the class of your controller" : `ingressClassName: ${name}`,
      ],
      ...(name === undefined
        ? {}
        : {
            fix: {
              isSafe: false,
              edits: [{ manifest, path: ["spec", "ingressClassName"], op: "set", value: name }],
            },
          }),
    };
  },
);
