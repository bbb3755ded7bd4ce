import { podRule } from "../../../make-rule.ts";

/** A volume that nothing mounts. */
export const unusedVolume = podRule(
  {
    id: "unused-volume",
    severity: "warning",
    title: "a volume that no container mounts",
    why: `The pod waits for this volume, and cannot start when it is missing, and nothing can use it. Mostly the mount was forgotten: the app
then writes to the container's own file system, where everything is lost with the container.`,
    mend: "Mount the volume, or remove it.",
    sources: ["https://kubernetes.io/docs/concepts/storage/volumes/"],
    profile: "default",
  },
  function* ({ spec, containers }) {
    const used = new Set(
      containers.flatMap(({ container: { volumeMounts = [], volumeDevices = [] } }) =>
        [...volumeMounts, ...volumeDevices].map(({ name }) => name),
      ),
    );
    for (const [index, { name }] of (spec.volumes ?? []).entries()) {
      if (used.has(name)) continue;
      yield {
        path: ["spec", "volumes", index, "name"],
        message: `volume ${name} is mounted by no container`,
        label: "not mounted",
        next: [`mount it: volumeMounts: [{name: ${name}, mountPath: …}], or remove it`],
      };
    }
  },
);
