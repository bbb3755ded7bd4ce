export {
  applyManifests,
  ensureNamespaces,
  type Appliable,
  type Applied,
  type ApplyOptions,
} from "./apply-manifests.ts";
export { deleteApplied } from "./delete-applied.ts";
export { diagnose, type Diagnosis, type RolloutEvidence } from "./diagnose.ts";
export { lastAppliedAnnotation } from "./last-applied.ts";
export { threeWayPatch } from "./three-way-patch.ts";
export {
  rolloutState,
  rolloutTargets,
  waitForRollout,
  type RolloutOptions,
  type RolloutProgress,
  type RolloutTarget,
} from "./wait-for-rollout.ts";
