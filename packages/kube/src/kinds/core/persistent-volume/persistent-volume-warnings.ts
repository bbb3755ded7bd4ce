import type { KubeObject } from "../../../object.ts";
import { classAnnotation } from "../persistent-volume-claim/persistent-volume-claim-errors.ts";
import { nodeTermWarnings } from "../pod/pod-warnings.ts";
import { mountOptionsAnnotation } from "./persistent-volume-errors.ts";
import type { UncheckedVolumeSpec } from "./volume-spec-errors.ts";

const deprecatedAnnotations: Readonly<Record<string, string>> = {
  [classAnnotation]: 'deprecated since v1.8; use "storageClassName" attribute instead',
  [mountOptionsAnnotation]: 'deprecated since v1.31; use "mountOptions" attribute instead',
};

const deprecatedSources = {
  cephfs: "spec.cephfs: deprecated in v1.28, non-functional in v1.31+",
  photonPersistentDisk: "spec.photonPersistentDisk: deprecated in v1.11, non-functional in v1.16+",
  scaleIO: "spec.scaleIO: deprecated in v1.16, non-functional in v1.22+",
  storageos: "spec.storageOS: deprecated in v1.22, non-functional in v1.25+",
  glusterfs: "spec.glusterfs: deprecated in v1.25, non-functional in v1.26+",
  rbd: "spec.rbd: deprecated in v1.28, non-functional in v1.31+",
} as const;

/** What the API server warns of in a volume, which it takes nevertheless. */
export function* persistentVolumeWarnings(object: KubeObject): Generator<string> {
  const { spec = {} } = object as { readonly spec?: UncheckedVolumeSpec };
  for (const [key, message] of Object.entries(deprecatedAnnotations))
    if (object.metadata.annotations?.[key] !== undefined) yield `metadata.annotations[${key}]: ${message}`;
  if (spec.persistentVolumeReclaimPolicy === "Recycle")
    yield "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.";
  for (const [index, term] of (spec.nodeAffinity?.required?.nodeSelectorTerms ?? []).entries())
    yield* nodeTermWarnings(`spec.nodeAffinity.required.nodeSelectorTerms[${index}]`, term, false);
  for (const [type, message] of Object.entries(deprecatedSources))
    if (spec[type as keyof typeof deprecatedSources] !== undefined) yield message;
}
