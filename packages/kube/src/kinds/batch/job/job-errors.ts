import type { V1Job } from "@kubernetes/client-node";
import { deepEqual, semanticEqual } from "../../../deep-equal.ts";
import { inGo } from "../../../go/in-go.ts";
import type { KubeObject, LabelSelector, PodSpec, PodTemplateSpec, Unchecked } from "../../../object.ts";
import { matchesLabelSelector } from "../../../selectors/matches-label-selector.ts";
import { invalidValue, requiredValue, type FieldErrors } from "../../field-error.ts";
import { immutableFieldErrors } from "../../meta/immutable-field-errors.ts";
import { labelSelectorErrors, shownLabels, shownSelector } from "../../meta/label-errors.ts";
import { dns1123Label } from "../../meta/names.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { jobSpecErrors, type UncheckedJobSpec } from "./job-spec-errors.ts";

/** What is wrong with a new Job, whose selector and labels have been made. */
export function* jobErrors(object: KubeObject): FieldErrors {
  const { spec = {} } = object as Unchecked<V1Job>;
  const { name = "" } = object.metadata;
  yield* coreObjectMetaErrors(hasMadeLabels(object) ? withoutLabels(object) : object);
  yield* madeSelectorErrors(object, spec, true);
  yield* specErrors(spec);
  if (spec.completionMode !== "Indexed" || (spec.completions ?? 0) <= 0) return;
  const longest = `${name}-${(spec.completions ?? 0) - 1}`;
  if (dns1123Label(longest).length > 0)
    yield invalidValue(
      "metadata.name",
      name,
      `will not able to create pod with invalid DNS label: ${longest}`,
    );
}

/** The labels of a Job whose template has none come later, when it is read from the store. */
function hasMadeLabels({ metadata: { labels = {}, uid } }: KubeObject): boolean {
  return labels["controller-uid"] === uid && Object.keys(labels).length === madeLabels;
}

const madeLabels = 4;

function withoutLabels({ metadata: { labels: _labels, ...metadata }, ...object }: KubeObject): KubeObject {
  return { ...object, metadata };
}

/** What is wrong with a change of a Job, of which little may change once it has begun. */
export function* jobUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const { spec = {} } = object as Unchecked<V1Job>;
  const { spec: before = {}, status = {} } = old as Unchecked<V1Job>;
  yield* jobErrors(object);
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* specErrors(spec);
  yield* completionsErrors("spec.completions", spec, before);
  yield* immutableFieldErrors(
    "spec.selector",
    spec.selector,
    before.selector,
    shownSelector(spec.selector as LabelSelector | undefined),
  );
  const isSuspended = status.conditions?.some(
    ({ type, status: holds }) => type === "Suspended" && holds === "True",
  );
  const isIdle = before.suspend === true && (status.startTime === undefined || isSuspended === true);
  yield* templateUpdateErrors(spec, before, isIdle && (status.active ?? 0) === 0);
  yield* immutableFieldErrors("spec.completionMode", spec.completionMode, before.completionMode);
  yield* immutablePolicyErrors("podFailurePolicy", "*batch.PodFailurePolicy", spec, before);
  yield* immutableFieldErrors(
    "spec.backoffLimitPerIndex",
    spec.backoffLimitPerIndex,
    before.backoffLimitPerIndex,
  );
  yield* immutableFieldErrors("spec.managedBy", spec.managedBy, before.managedBy);
  yield* immutablePolicyErrors("successPolicy", "*batch.SuccessPolicy", spec, before);
}

/** A policy of nothing is one, too. */
function* immutablePolicyErrors(
  name: "podFailurePolicy" | "successPolicy",
  type: string,
  spec: UncheckedJobSpec,
  before: UncheckedJobSpec,
): FieldErrors {
  const isSame = (spec[name] === undefined) === (before[name] === undefined);
  if (!isSame || !semanticEqual(spec[name], before[name]))
    yield invalidValue(`spec.${name}`, inGo(type, spec[name]), "field is immutable");
}

function* specErrors(spec: UncheckedJobSpec): FieldErrors {
  const selector = spec.selector as LabelSelector | undefined;
  const template = spec.template as PodTemplateSpec | undefined;
  yield* jobSpecErrors("spec", spec);
  if (selector === undefined) yield requiredValue("spec.selector");
  const errors = [...labelSelectorErrors("spec.selector", selector)];
  yield* errors;
  const labels = template?.metadata?.labels;
  const matches = selector !== undefined && matchesLabelSelector(selector, labels);
  if (errors.length === 0 && !matches)
    yield invalidValue(
      "spec.template.metadata.labels",
      shownLabels(labels),
      "`selector` does not match template `labels`",
    );
}

/** The server makes a selector of the Job's UID unless it is told not to; labels of the client's own may contradict it. */
function* madeSelectorErrors(
  { metadata }: KubeObject,
  spec: UncheckedJobSpec,
  requiresPrefixed: boolean,
): FieldErrors {
  const selector = spec.selector as LabelSelector | undefined;
  if (spec.manualSelector === true || selector === undefined) return;
  const { uid = "", name = "" } = metadata;
  if (uid === "") yield requiredValue("metadata.uid");
  const labels = (spec.template as PodTemplateSpec | undefined)?.metadata?.labels;
  const prefixed = {
    "batch.kubernetes.io/controller-uid": uid,
    "batch.kubernetes.io/job-name": name,
  };
  const expected = { "controller-uid": uid, "job-name": name, ...(requiresPrefixed ? prefixed : {}) };
  for (const [key, value] of Object.entries(expected)) {
    const field = `spec.template.metadata.labels[${key}]`;
    if (labels?.[key] === undefined) yield requiredValue(field, `must be '${value}'`);
    else if (labels[key] !== value) yield invalidValue(field, shownLabels(labels), `must be '${value}'`);
  }
  if ([...labelSelectorErrors("", selector)].length === 0 && !matchesLabelSelector(selector, expected))
    yield invalidValue("spec.selector", shownSelector(selector), "`selector` not auto-generated");
}

function* completionsErrors(field: string, spec: UncheckedJobSpec, before: UncheckedJobSpec): FieldErrors {
  const { completions } = spec;
  if (spec.completionMode !== "Indexed")
    return yield* immutableFieldErrors(field, completions, before.completions);
  if (completions === undefined || completions === before.completions || completions === spec.parallelism)
    return;
  yield invalidValue(field, completions, "can only be modified in tandem with spec.parallelism");
}

/** While it is suspended and no pod runs, a Job may be sent to other nodes and be given other resources. */
function* templateUpdateErrors(
  spec: UncheckedJobSpec,
  before: UncheckedJobSpec,
  isIdle: boolean,
): FieldErrors {
  const template = spec.template as PodTemplateSpec | undefined;
  const old = before.template as PodTemplateSpec | undefined;
  if (!isIdle || template === undefined || old === undefined)
    return yield* immutableFieldErrors(
      "spec.template",
      template,
      old,
      inGo("core.PodTemplateSpec", template),
    );
  const expected = withSchedulingOf(withResourcesOf(old.spec, template.spec), template.spec);
  if (!deepEqual(template.spec, expected))
    yield invalidValue("spec.template.spec", inGo("core.PodSpec", template.spec), "field is immutable");
}

function withSchedulingOf(
  spec: PodSpec,
  { nodeSelector, tolerations, schedulingGates, affinity }: PodSpec,
): PodSpec {
  const { nodeAffinity, ...others } = { ...spec.affinity, nodeAffinity: affinity?.nodeAffinity };
  const wished = { ...others, ...(nodeAffinity === undefined ? {} : { nodeAffinity }) };
  const { nodeSelector: _s, tolerations: _t, schedulingGates: _g, affinity: _a, ...rest } = spec;
  return {
    ...rest,
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
    ...(tolerations === undefined ? {} : { tolerations }),
    ...(schedulingGates === undefined ? {} : { schedulingGates }),
    ...(Object.keys(wished).length === 0 ? {} : { affinity: wished }),
  };
}

function withResourcesOf(spec: PodSpec, now: PodSpec): PodSpec {
  const changed = { ...spec };
  for (const list of ["containers", "initContainers"] as const) {
    const [containers, others] = [spec[list] ?? [], now[list] ?? []];
    if (containers.length !== others.length || containers.length === 0) continue;
    changed[list] = containers.map((container, index) => {
      const { resources: _resources, ...rest } = container;
      const other = others[index];
      if (other?.name !== container.name) return container;
      return { ...rest, ...(other.resources === undefined ? {} : { resources: other.resources }) };
    });
  }
  return changed;
}
