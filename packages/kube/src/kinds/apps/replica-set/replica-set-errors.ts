import type { KubeObject, ReplicaSet, ReplicaSetSpec } from "../../../object.ts";
import type { FieldErrors } from "../../field-error.ts";
import { nonNegativeErrors } from "../../meta/number-errors.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { fixedSelectorErrors } from "../deployment/deployment-errors.ts";
import { workloadErrors } from "../workload-errors.ts";

/** What is wrong with a new ReplicaSet. */
export function* replicaSetErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object);
  yield* specErrors((object as ReplicaSet).spec ?? {});
}

/** What is wrong with a change of a ReplicaSet. */
export function* replicaSetUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* specErrors((object as ReplicaSet).spec ?? {});
  yield* fixedSelectorErrors(object, old);
}

function* specErrors(spec: Partial<ReplicaSetSpec>): FieldErrors {
  yield* nonNegativeErrors("spec.replicas", spec.replicas);
  yield* nonNegativeErrors("spec.minReadySeconds", spec.minReadySeconds);
  yield* workloadErrors("spec", spec);
}
