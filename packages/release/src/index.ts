export {
  applyManifests,
  ensureNamespaces,
  lastAppliedAnnotation,
  type Appliable,
  type Applied,
  type ApplyOptions,
} from "./apply-manifests.ts";
export { appliedType } from "./applied-type.ts";
export { deleteApplied } from "./delete-applied.ts";
export { diagnose, type Diagnosis, type RolloutEvidence } from "./diagnose.ts";
export { threeWayPatch } from "./three-way-patch.ts";
export {
  rolloutState,
  rolloutTargets,
  waitForRollout,
  type RolloutOptions,
  type RolloutProgress,
  type RolloutTarget,
} from "./wait-for-rollout.ts";
