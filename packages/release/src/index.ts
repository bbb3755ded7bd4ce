export {
  applyManifests,
  ensureNamespaces,
  type Appliable,
  type Applied,
  type ApplyOptions,
} from "./apply-manifests.ts";
export { deleteApplied } from "./delete-applied.ts";
export { diagnose } from "./diagnosis/diagnose.ts";
export type { Diagnosis, RolloutEvidence } from "./diagnosis/diagnosis.ts";
export { lastAppliedAnnotation } from "./last-applied.ts";
export { readinessDelay, type ReadinessDelay } from "./readiness-delay.ts";
export { threeWayPatch } from "./three-way-patch.ts";
export {
  podTargets,
  rolloutTargets,
  waitForRollout,
  type RolloutOptions,
  type RolloutTarget,
} from "./wait-for-rollout.ts";
export { rolloutState, type RolloutProgress } from "./rollout-state.ts";
export { makeMissingClasses } from "./references/make-missing-classes.ts";
export { makeMissingDefinitions } from "./references/make-missing-definitions.ts";
export { checkReferences, type ReferenceOptions } from "./references/check-references.ts";
