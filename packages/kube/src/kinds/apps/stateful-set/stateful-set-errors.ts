import type { V1StatefulSet, V1StatefulSetUpdateStrategy } from "@kubernetes/client-node";
import { semanticEqual } from "../../../deep-equal.ts";
import { inGo } from "../../../go/in-go.ts";
import type {
  KubeObject,
  LabelSelector,
  PodSpec,
  PodTemplateSpec,
  Unchecked,
  Volume,
} from "../../../object.ts";
import { matchesLabelSelector } from "../../../selectors/matches-label-selector.ts";
import { claimSpecErrors } from "../../core/persistent-volume-claim/claim-spec-errors.ts";
import { podAnnotationErrors } from "../../core/pod/pod-errors.ts";
import { lastingPodErrors, podTemplateErrors } from "../../core/pod/pod-template-errors.ts";
import {
  forbiddenValue,
  invalidBecause,
  invalidValue,
  invalidWord,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import { labelErrors, labelSelectorErrors, shownLabels, shownSelector } from "../../meta/label-errors.ts";
import { dns1123Label } from "../../meta/names.ts";
import { nonNegativeErrors } from "../../meta/number-errors.ts";
import {
  annotationErrors,
  coreObjectMetaErrors,
  coreObjectMetaUpdateErrors,
} from "../../meta/object-meta-errors.ts";

type Spec = NonNullable<Unchecked<V1StatefulSet>["spec"]>;

/** What is wrong with a new StatefulSet. */
export function* statefulSetErrors(object: KubeObject): FieldErrors {
  const { spec = {} } = object as Unchecked<V1StatefulSet>;
  yield* coreObjectMetaErrors(object, dns1123Label);
  yield* specErrors(spec, { isNew: true, checksTemplate: true });
}

/** What is wrong with a change of a StatefulSet: a few fields of its spec may change, and no others. */
export function* statefulSetUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const { spec = {} } = object as Unchecked<V1StatefulSet>;
  const { spec: before = {} } = old as Unchecked<V1StatefulSet>;
  yield* coreObjectMetaUpdateErrors(object, old);
  const wasSound = specErrors(before, { isNew: false, checksTemplate: true }).next().done === true;
  yield* specErrors(spec, { isNew: false, checksTemplate: wasSound });
  if (!semanticEqual(fixedPart(spec), fixedPart(before)))
    yield forbiddenValue(
      "spec",
      "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    );
}

function fixedPart({
  replicas: _replicas,
  template: _template,
  updateStrategy: _updateStrategy,
  minReadySeconds: _minReadySeconds,
  ordinals: _ordinals,
  revisionHistoryLimit: _revisionHistoryLimit,
  persistentVolumeClaimRetentionPolicy: _retention,
  volumeClaimTemplates = [],
  ...rest
}: Spec): unknown {
  // The server writes a status into new claim templates, which clients do not have.
  return {
    ...rest,
    volumeClaimTemplates: volumeClaimTemplates.map(({ status: _status, ...claim }) => claim),
  };
}

function* specErrors(
  spec: Spec,
  { isNew, checksTemplate }: { readonly isNew: boolean; readonly checksTemplate: boolean },
): FieldErrors {
  const {
    podManagementPolicy = "OrderedReady",
    serviceName = "",
    selector,
    volumeClaimTemplates = [],
  } = spec;
  if (podManagementPolicy !== "OrderedReady" && podManagementPolicy !== "Parallel")
    yield invalidWord(
      "spec.podManagementPolicy",
      podManagementPolicy,
      "must be 'OrderedReady' or 'Parallel'",
    );
  yield* strategyErrors("spec.updateStrategy", spec.updateStrategy ?? {});
  for (const [name, policy] of Object.entries(spec.persistentVolumeClaimRetentionPolicy ?? {}))
    if (policy !== "Retain" && policy !== "Delete")
      yield unsupportedValue(`spec.persistentVolumeClaimRetentionPolicy.${name}`, policy, [
        "Retain",
        "Delete",
      ]);
  if (isNew)
    for (const [index, claim] of volumeClaimTemplates.entries())
      yield* claimSpecErrors(`spec.volumeClaimTemplates[${index}].spec`, claim.spec ?? {});
  yield* nonNegativeErrors("spec.replicas", spec.replicas);
  yield* nonNegativeErrors("spec.minReadySeconds", spec.minReadySeconds);
  yield* nonNegativeErrors("spec.ordinals.start", spec.ordinals?.start);
  if (isNew && serviceName !== "")
    yield* invalidBecause("spec.serviceName", serviceName, dns1123Label(serviceName));
  yield* templateErrors(spec, selector as LabelSelector | undefined, checksTemplate);
  yield* lastingPodErrors("spec.template", spec.template as PodTemplateSpec | undefined, "StatefulSet");
}

function* strategyErrors(field: string, strategy: Unchecked<V1StatefulSetUpdateStrategy>): FieldErrors {
  const { type = "RollingUpdate", rollingUpdate } = strategy;
  const shown = inGo("apps.StatefulSetUpdateStrategy", strategy) as { readonly RollingUpdate: unknown };
  if (type === "OnDelete") {
    if (rollingUpdate !== undefined)
      yield invalidValue(
        `${field}.rollingUpdate`,
        shown.RollingUpdate,
        "only allowed for updateStrategy 'RollingUpdate'",
      );
  } else if (type === "RollingUpdate") {
    // maxUnavailable is behind a gate that is off in v1.36, and dropped.
    yield* nonNegativeErrors(`${field}.rollingUpdate.partition`, rollingUpdate?.partition);
  } else {
    yield invalidValue(field, shown, "must be 'RollingUpdate' or 'OnDelete'");
  }
}

function* templateErrors(
  spec: Spec,
  selector: LabelSelector | undefined,
  checksTemplate: boolean,
): FieldErrors {
  const at = "spec.selector";
  const isEmpty =
    Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions ?? []).length === 0;
  const errors = [...labelSelectorErrors(at, selector)];
  if (selector === undefined) yield requiredValue(at);
  yield* errors;
  if (selector !== undefined && isEmpty)
    yield invalidValue(at, shownSelector(selector), "empty selector is invalid for statefulset");
  if (errors.length > 0) return yield invalidValue(at, shownSelector(selector), "");
  const template = spec.template as PodTemplateSpec | undefined;
  const labels = template?.metadata?.labels;
  const matches = selector !== undefined && (isEmpty || matchesLabelSelector(selector, labels));
  if (!matches)
    yield invalidValue(
      "spec.template.metadata.labels",
      shownLabels(labels),
      "`selector` does not match template `labels`",
    );
  if (checksTemplate) yield* podTemplateErrors("spec.template", withClaims(template, spec));
  yield* labelErrors("spec.template.labels", labels);
  yield* annotationErrors("spec.template.annotations", template?.metadata?.annotations);
  yield* podAnnotationErrors(
    "spec.template.annotations",
    template?.metadata,
    template?.spec ?? ({} as PodSpec),
  );
}

/** The template as the pods will be: the controller names them, and gives each its claims as volumes. */
function withClaims(
  template: PodTemplateSpec | undefined,
  { volumeClaimTemplates = [] }: Spec,
): PodTemplateSpec | undefined {
  if (template?.spec === undefined) return template;
  const { hostname: _hostname, subdomain: _subdomain, ...spec } = template.spec;
  const names = [...new Set(volumeClaimTemplates.map(({ metadata }) => metadata?.name ?? ""))];
  const volumes = names.map((name): Volume => ({ name, persistentVolumeClaim: { claimName: name } }));
  const others = (spec.volumes ?? []).filter(({ name }) => !names.includes(name));
  return { ...template, spec: { ...spec, volumes: [...volumes, ...others] } };
}
