import { nearestName, type KubeObject } from "@seaworthy/kube";
import { containerRule } from "../../../make-rule.ts";

interface WithClaims extends KubeObject {
  readonly spec?: {
    readonly volumeClaimTemplates?: readonly { readonly metadata?: { readonly name?: string } }[];
  };
}

/** A mount of a volume that the pod does not have. */
export const mountWithoutVolume = containerRule(
  {
    id: "mount-without-volume",
    severity: "error",
    title: "a container mounts a volume that the pod does not have",
    why: "The API server refuses the object: `volumeMounts[0].name: Not found`.",
    mend: "Add the volume to the pod, or correct the name. A StatefulSet's `volumeClaimTemplates` are volumes, too.",
    sources: [
      "https://kubernetes.io/docs/concepts/storage/volumes/",
      "https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/validation/validation.go",
    ],
    profile: "default",
  },
  function* ({ container }, { spec, manifest }) {
    const templates = (manifest.object as WithClaims).spec?.volumeClaimTemplates ?? [];
    const names = [
      ...(spec.volumes ?? []).map(({ name }) => name),
      ...templates.flatMap(({ metadata }) => metadata?.name ?? []),
    ];
    for (const [index, { name }] of (container.volumeMounts ?? []).entries()) {
      if (names.includes(name)) continue;
      const near = nearestName(name, names);
      yield {
        path: ["volumeMounts", index, "name"],
        message: `container ${container.name} mounts volume ${name}, which the pod does not have`,
        label: near === undefined ? "there is no such volume" : `did you mean ${near}?`,
        seen: [names.length === 0 ? "the pod has no volumes" : `the pod's volumes: ${names.join(", ")}`],
        next: [near === undefined ? `add a volume named ${name}` : `name: ${near}`],
      };
    }
  },
);
