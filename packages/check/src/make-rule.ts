import type { KubeObject } from "@seaworthy/kube";
import type { ManifestOf, ObjectSet } from "./objects/object-set.ts";
import type { ContainerSource, PodSource } from "./objects/pod-source.ts";
import type { FoundField, Rule, RulePage } from "./rule.ts";

/** A rule about each object of one kind; `group` is "" for core. Paths are from the object. */
export function objectRule<T extends KubeObject>(
  page: RulePage & { readonly kind: string; readonly group?: string },
  look: (manifest: ManifestOf<T>, set: ObjectSet) => Iterable<FoundField>,
): Rule {
  const { kind, group = "", ...rest } = page;
  return {
    ...rest,
    *check(set) {
      for (const manifest of set.of<T>(kind, group))
        for (const found of look(manifest, set)) yield { ...found, manifest };
    },
  };
}

/** A rule about each pod or pod template. Paths are from the template: `["spec", "hostNetwork"]`. */
export function podRule(
  page: RulePage,
  look: (pod: PodSource, set: ObjectSet) => Iterable<FoundField>,
): Rule {
  return {
    ...page,
    *check(set) {
      for (const pod of set.pods)
        for (const found of look(pod, set))
          yield { ...found, manifest: pod.manifest, path: [...pod.path, ...found.path] };
    },
  };
}

/** A rule about each container of each pod. Paths are from the container: `["image"]`. */
export function containerRule(
  page: RulePage,
  look: (container: ContainerSource, pod: PodSource, set: ObjectSet) => Iterable<FoundField>,
): Rule {
  return {
    ...page,
    *check(set) {
      for (const pod of set.pods)
        for (const container of pod.containers)
          for (const found of look(container, pod, set))
            yield { ...found, manifest: pod.manifest, path: [...container.path, ...found.path] };
    },
  };
}
