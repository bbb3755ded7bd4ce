import type { V1JobSpec } from "@kubernetes/client-node";
import { inGo } from "../../../go/in-go.ts";
import type { PodTemplateSpec, Unchecked } from "../../../object.ts";
import { podTemplateErrors } from "../../core/pod/pod-template-errors.ts";
import {
  invalidValue,
  invalidWord,
  requiredValue,
  tooLongValue,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import { domainPrefixedPathErrors } from "../../meta/domain-prefixed-path-errors.ts";
import { byteLength } from "../../meta/names.ts";
import { nonNegativeErrors } from "../../meta/number-errors.ts";
import { podFailurePolicyErrors } from "./pod-failure-policy-errors.ts";
import { successPolicyErrors } from "./success-policy-errors.ts";

/** The spec of a Job of which nothing has been checked. */
export type UncheckedJobSpec = Unchecked<V1JobSpec>;

const numbers = [
  "parallelism",
  "completions",
  "activeDeadlineSeconds",
  "backoffLimit",
  "ttlSecondsAfterFinished",
  "backoffLimitPerIndex",
  "maxFailedIndexes",
] as const;

/** What is wrong with the spec of a Job, its selector left out (validateJobSpec). */
export function* jobSpecErrors(field: string, spec: UncheckedJobSpec): FieldErrors {
  const { completionMode, managedBy, successPolicy } = spec;
  for (const name of numbers) yield* nonNegativeErrors(`${field}.${name}`, spec[name]);
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined)
    yield requiredValue(`${field}.backoffLimitPerIndex`, "when maxFailedIndexes is specified");
  if (managedBy !== undefined) {
    yield* domainPrefixedPathErrors(`${field}.managedBy`, managedBy);
    if (byteLength(managedBy) > 63) yield tooLongValue(`${field}.managedBy`, 63);
  }
  if (completionMode !== undefined && completionMode !== "NonIndexed" && completionMode !== "Indexed")
    yield unsupportedValue(`${field}.completionMode`, completionMode, ["NonIndexed", "Indexed"]);
  const isIndexed = completionMode === "Indexed";
  if (isIndexed) yield* indexedErrors(field, spec);
  if (completionMode === undefined || completionMode === "NonIndexed")
    for (const name of ["backoffLimitPerIndex", "maxFailedIndexes"] as const)
      if (spec[name] !== undefined)
        yield invalidValue(`${field}.${name}`, spec[name], "requires indexed completion mode");
  if (spec.podFailurePolicy !== undefined) yield* podFailurePolicyErrors(`${field}.podFailurePolicy`, spec);
  if (successPolicy !== undefined && !isIndexed)
    yield invalidValue(
      `${field}.successPolicy`,
      inGo("batch.SuccessPolicy", successPolicy),
      "requires indexed completion mode",
    );
  if (successPolicy !== undefined && isIndexed)
    yield* successPolicyErrors(`${field}.successPolicy`, successPolicy, spec.completions ?? 0);
  yield* replacementErrors(`${field}.podReplacementPolicy`, spec);
  yield* podTemplateErrors(`${field}.template`, spec.template as PodTemplateSpec | undefined);
  yield* restartPolicyErrors(`${field}.template.spec.restartPolicy`, spec);
}

const mostInParallel = 100_000;
const manyCompletions = 100_000;
const mostOfMany = 10_000;

function* indexedErrors(field: string, spec: UncheckedJobSpec): FieldErrors {
  const { completions, parallelism = 0, maxFailedIndexes, backoffLimitPerIndex } = spec;
  if (completions === undefined)
    yield requiredValue(`${field}.completions`, "when completion mode is Indexed");
  if (parallelism > mostInParallel)
    yield invalidValue(
      `${field}.parallelism`,
      parallelism,
      `must be less than or equal to ${mostInParallel} when completion mode is Indexed`,
    );
  const failed = `${field}.maxFailedIndexes`;
  if (completions !== undefined && maxFailedIndexes !== undefined && maxFailedIndexes > completions)
    yield invalidValue(failed, maxFailedIndexes, "must be less than or equal to completions");
  if (maxFailedIndexes !== undefined && maxFailedIndexes > mostInParallel)
    yield invalidValue(failed, maxFailedIndexes, `must be less than or equal to ${mostInParallel}`);
  if ((completions ?? 0) <= manyCompletions || backoffLimitPerIndex === undefined) return;
  const why = `must be less than or equal to ${mostOfMany} when completions are above ${manyCompletions} and used with backoff limit per index`;
  if (maxFailedIndexes === undefined)
    yield requiredValue(failed, `must be specified when completions is above ${manyCompletions}`);
  if (parallelism > mostOfMany) yield invalidValue(`${field}.parallelism`, parallelism, why);
  if (maxFailedIndexes !== undefined && maxFailedIndexes > mostOfMany)
    yield invalidValue(failed, maxFailedIndexes, why);
}

function* replacementErrors(
  field: string,
  { podReplacementPolicy: policy, podFailurePolicy }: UncheckedJobSpec,
): FieldErrors {
  if (policy === undefined) return;
  const supported = podFailurePolicy === undefined ? ["Failed", "TerminatingOrFailed"] : ["Failed"];
  if (!supported.includes(policy)) yield unsupportedValue(field, policy, supported);
}

function* restartPolicyErrors(field: string, { template, podFailurePolicy }: UncheckedJobSpec): FieldErrors {
  const { restartPolicy = "Always" } = template?.spec ?? {};
  if (restartPolicy === "Always") yield requiredValue(field, 'valid values: "OnFailure", "Never"');
  else if (restartPolicy !== "OnFailure" && restartPolicy !== "Never")
    yield unsupportedValue(field, restartPolicy, ["OnFailure", "Never"]);
  else if (podFailurePolicy !== undefined && restartPolicy !== "Never")
    yield invalidWord(field, restartPolicy, 'only "Never" is supported when podFailurePolicy is specified');
}
