import { containerRule } from "../../../make-rule.ts";

/** A mounted key that never changes. */
export const configSubpath = containerRule(
  {
    id: "config-subpath",
    severity: "advice",
    title: "a ConfigMap or Secret is mounted by subPath, and never updated",
    why: `The kubelet updates the files of a mounted ConfigMap or Secret within a minute or so, except for those that are mounted by
\`subPath\`: they stay as they were when the container started. After a change, pods that were restarted have the new configuration and
the others the old one, until the next rollout.`,
    mend: `Mount the whole volume in a directory of its own; or let the name or an annotation of the pods change with the content, so that
a change is a rollout. A checksum in an annotation of the pod template is enough for this rule.`,
    sources: [
      "https://github.com/kubernetes/kubernetes/issues/50345",
      "https://github.com/kubernetes/kubernetes/issues/92296",
      "https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically",
    ],
    profile: "strict",
  },
  function* ({ container }, { spec, manifest, path }) {
    const { annotations = {} } =
      (
        path.reduce<unknown>(
          (parent, step) => (parent as Record<string | number, unknown> | undefined)?.[step],
          manifest.object,
        ) as { readonly metadata?: { readonly annotations?: Record<string, string> } }
      ).metadata ?? {};
    if (Object.keys(annotations).some((key) => /checksum|hash|reload/i.test(key))) return;
    for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
      if (mount.subPath === undefined) continue;
      const volume = (spec.volumes ?? []).find(({ name }) => name === mount.name);
      const name = volume?.configMap?.name ?? volume?.secret?.secretName;
      // Names that kustomize, or a version, makes new with each content.
      if (name === undefined || /-(?:[0-9a-z]{8,10}|v?\d+)$/.test(name)) continue;
      const kind = volume?.configMap === undefined ? "Secret" : "ConfigMap";
      yield {
        path: ["volumeMounts", index, "subPath"],
        message: `container ${container.name} never sees a change of ${kind} ${name}, which it mounts by subPath`,
        label: "is not updated",
        next: [
          "mount the volume without subPath in a directory of its own",
          "or write a checksum of the content into an annotation of the pod template",
        ],
      };
    }
  },
);
