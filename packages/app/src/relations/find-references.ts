import { type Container, type KubeObject, type Volume, podTemplateOf } from "@seaworthy/kube";

/** That a pod asks for an object, or for a key of it, by name. */
export interface Reference {
  readonly kind: ReferredKind;
  readonly name: string;
  readonly key?: string;
  /** Where the name, or the key, stands in the object. */
  readonly path: readonly (string | number)[];
  /** Whether the reference could be marked `optional: true`. */
  readonly canBeOptional: boolean;
}

/** What can be referred to. What Kubernetes does without one of the last five depends on how the cluster is set up. */
export type ReferredKind =
  | "ConfigMap"
  | "Secret"
  | "PersistentVolumeClaim"
  | "ServiceAccount"
  | "PriorityClass"
  | "RuntimeClass"
  | "IngressClass"
  | "StorageClass"
  | "imagePullSecret";

/** Every reference of an object, or of its pods, that is not optional, in the order of the object. */
export function findReferences(object: KubeObject): Reference[] {
  if (object.kind === "Ingress") {
    const { ingressClassName } = object["spec"] as { readonly ingressClassName?: string };
    return named("IngressClass", ingressClassName, ["spec", "ingressClassName"]);
  }
  if (object.kind === "PersistentVolumeClaim") return ofClaim(object, []);
  const template = podTemplateOf(object);
  const spec = template?.spec;
  if (template === undefined || spec === undefined) return [];
  const path = [...template.path, "spec"];
  return [
    ...(["initContainers", "containers"] as const).flatMap((list) =>
      (spec[list] ?? []).flatMap((container, index) => ofContainer(container, [...path, list, index])),
    ),
    ...(spec.volumes ?? []).flatMap((volume, index) =>
      ofVolume(volume, [...path, "volumes", index], claimsOf(object)),
    ),
    ...(spec.serviceAccountName
      ? named("ServiceAccount", spec.serviceAccountName, [...path, "serviceAccountName"])
      : named("ServiceAccount", spec.serviceAccount, [...path, "serviceAccount"])),
    ...named("PriorityClass", spec.priorityClassName, [...path, "priorityClassName"]),
    ...claimTemplatesOf(object).flatMap((claim, index) =>
      ofClaim(claim, ["spec", "volumeClaimTemplates", index]),
    ),
    ...named("RuntimeClass", spec.runtimeClassName, [...path, "runtimeClassName"]),
    ...(spec.imagePullSecrets ?? []).flatMap(({ name }, index) =>
      named("imagePullSecret", name, [...path, "imagePullSecrets", index, "name"]),
    ),
  ];
}

interface Claim {
  readonly metadata?: { readonly name?: string };
  readonly spec?: { readonly storageClassName?: string };
}

/** A StatefulSet makes a claim per pod for each of its templates; a volume of that name is that claim. */
function claimsOf(object: KubeObject): string[] {
  return claimTemplatesOf(object).flatMap(({ metadata }) => metadata?.name ?? []);
}

function claimTemplatesOf(object: KubeObject): readonly Claim[] {
  const spec = object["spec"] as { readonly volumeClaimTemplates?: readonly Claim[] } | undefined;
  return spec?.volumeClaimTemplates ?? [];
}

function ofClaim({ spec }: Claim, path: Path): Reference[] {
  // With an empty name a claim asks for a volume that somebody made, whatever classes there are.
  return named("StorageClass", spec?.storageClassName || undefined, [...path, "spec", "storageClassName"]);
}

type Path = readonly (string | number)[];

function ofContainer({ env = [], envFrom = [] }: Container, path: Path): Reference[] {
  return [
    ...env.flatMap(({ valueFrom }, index) => {
      const at = [...path, "env", index, "valueFrom"];
      const { configMapKeyRef, secretKeyRef } = valueFrom ?? {};
      return [
        ...keys("ConfigMap", configMapKeyRef?.name, configMapKeyRef, [...at, "configMapKeyRef"]),
        ...keys("Secret", secretKeyRef?.name, secretKeyRef, [...at, "secretKeyRef"]),
      ];
    }),
    ...envFrom.flatMap(({ configMapRef, secretRef }, index) => {
      const at = [...path, "envFrom", index];
      return [
        ...whole("ConfigMap", configMapRef?.name, configMapRef?.optional, [...at, "configMapRef", "name"]),
        ...whole("Secret", secretRef?.name, secretRef?.optional, [...at, "secretRef", "name"]),
      ];
    }),
  ];
}

function ofVolume(volume: Volume, path: Path, templates: readonly string[]): Reference[] {
  const { configMap, secret, persistentVolumeClaim: claim, projected } = volume;
  return [
    ...items("ConfigMap", configMap?.name, configMap, [...path, "configMap"], "name"),
    ...items("Secret", secret?.secretName, secret, [...path, "secret"], "secretName"),
    ...(templates.includes(volume.name)
      ? []
      : named("PersistentVolumeClaim", claim?.claimName, [...path, "persistentVolumeClaim", "claimName"])),
    ...(projected?.sources ?? []).flatMap((source, index) => {
      const at = [...path, "projected", "sources", index];
      return [
        ...items("ConfigMap", source.configMap?.name, source.configMap, [...at, "configMap"], "name"),
        ...items("Secret", source.secret?.name, source.secret, [...at, "secret"], "name"),
      ];
    }),
  ];
}

function keys(
  kind: ReferredKind,
  name: string | undefined,
  reference: { readonly key: string; readonly optional?: boolean } | undefined,
  path: Path,
): Reference[] {
  const { key, optional } = reference ?? {};
  return [
    ...whole(kind, name, optional, [...path, "name"]),
    ...(name && optional !== true && key !== undefined
      ? [{ kind, name, key, path: [...path, "key"], canBeOptional: true }]
      : []),
  ];
}

function items(
  kind: ReferredKind,
  name: string | undefined,
  source: { readonly optional?: boolean; readonly items?: readonly { readonly key: string }[] } | undefined,
  path: Path,
  nameField: string,
): Reference[] {
  const optional = source?.optional === true;
  return [
    ...whole(kind, name, optional, [...path, nameField]),
    ...(source?.items ?? []).flatMap(({ key }, index) =>
      name && !optional
        ? [{ kind, name, key, path: [...path, "items", index, "key"], canBeOptional: true }]
        : [],
    ),
  ];
}

function whole(
  kind: ReferredKind,
  name: string | undefined,
  optional: boolean | undefined,
  path: Path,
): Reference[] {
  return named(kind, optional === true ? undefined : name, path, true);
}

function named(kind: ReferredKind, name: string | undefined, path: Path, canBeOptional = false): Reference[] {
  return name ? [{ kind, name, path, canBeOptional }] : [];
}
