import {
  isCustomKind,
  isSidecar,
  podTemplateOf,
  validateObject,
  type Container,
  type FieldPath,
  type FoundTemplate,
  type Manifest,
  type PodSpec,
} from "@seaworthy/kube";
import { namespaceOf } from "./object-set.ts";

/** A pod, or the template of pods that an object makes. */
export interface PodSource {
  readonly manifest: Manifest;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
  /** Where the template is in the object; empty for a Pod. */
  readonly path: FieldPath;
  readonly containers: readonly ContainerSource[];
  /** Those that somebody has put into a running pod, to look for a fault; they are not in a template. */
  readonly debugContainers: readonly ContainerSource[];
}

/** A container of a pod. */
export interface ContainerSource {
  readonly container: Container;
  /** Where it is in the object. */
  readonly path: FieldPath;
  /** `init` ends before the others start; a `sidecar` is an init container that stays. */
  readonly role: "main" | "init" | "sidecar" | "debug";
}

/** The pods that an object is or makes: one, or none. Always the same ones for a manifest. */
export function findPods(manifest: Manifest): readonly PodSource[] {
  let pods = found.get(manifest);
  if (pods === undefined) found.set(manifest, (pods = readPods(manifest)));
  return pods;
}

/** Many rules ask, and what is known of a pod is kept with it. */
const found = new WeakMap<Manifest, readonly PodSource[]>();

function readPods(manifest: Manifest): PodSource[] {
  const template = podTemplateOf(manifest.object);
  if (template?.spec === undefined) return [];
  const { path, labels, annotations, spec } = template;
  // The template of a custom kind may be of another sort, or its schema may let pass what is none.
  if (isCustomKind(manifest.object.apiVersion, manifest.object.kind) && !isPod(template)) return [];
  const containers = (list: "containers" | "initContainers") =>
    (spec[list] ?? []).map((container, index): ContainerSource => {
      const role = list === "containers" ? "main" : isSidecar(container) ? "sidecar" : "init";
      return { container, path: [...path, "spec", list, index], role };
    });
  return [
    {
      manifest,
      namespace: namespaceOf(manifest.object),
      labels,
      annotations,
      spec,
      path,
      containers: [...containers("initContainers"), ...containers("containers")],
      debugContainers: (spec.ephemeralContainers ?? []).map((container, index) => ({
        container,
        path: [...path, "spec", "ephemeralContainers", index],
        role: "debug",
      })),
    },
  ];
}

/** Whether what a custom kind has for a template is one of pods, so that rules can rely on the types of its fields. */
function isPod({ labels, annotations, spec }: FoundTemplate): boolean {
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "pod", labels, annotations }, spec };
  return validateObject(pod).every(({ kind }) => kind === "unknown-field");
}
