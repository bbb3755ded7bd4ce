import type { V1Job } from "@kubernetes/client-node";
import type { KubeObject, PodTemplateSpec, Unchecked } from "../../../object.ts";
import { podNameWarnings } from "../../apps/workload-warnings.ts";
import { podWarnings } from "../../core/pod/pod-warnings.ts";
import type { UncheckedJobSpec } from "./job-spec-errors.ts";

/** What the API server warns of in a Job, which it takes nevertheless. */
export function* jobWarnings(object: KubeObject, old: KubeObject | undefined): Generator<string> {
  if (old === undefined) yield* podNameWarnings(object);
  if (old === undefined || old.metadata.generation !== object.metadata.generation)
    yield* jobSpecWarnings("spec", (object as Unchecked<V1Job>).spec ?? {});
}

/** What it warns of in the spec of a Job. */
export function* jobSpecWarnings(field: string, spec: UncheckedJobSpec): Generator<string> {
  const { completionMode, completions = 0, parallelism = 0, template } = spec;
  if (completionMode === "Indexed" && completions > 100_000 && parallelism > 10_000)
    yield `${field}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`;
  yield* podWarnings(`${field}.template`, template as PodTemplateSpec | undefined);
}
