import type { V1ResourceQuota, V1ScopedResourceSelectorRequirement } from "@kubernetes/client-node";
import { inGo } from "../../../go/in-go.ts";
import type { KubeObject, Unchecked } from "../../../object.ts";
import { invalidValue, invalidWord, requiredValue, type FieldErrors } from "../../field-error.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { isHugePages, resourceNameErrors, resourceValueErrors } from "../pod/validation/resource-errors.ts";

type Spec = NonNullable<Unchecked<V1ResourceQuota>["spec"]>;

/** What is wrong with a new ResourceQuota. */
export function* resourceQuotaErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object);
  yield* specErrors((object as Unchecked<V1ResourceQuota>).spec ?? {});
}

/** What is wrong with a change of a ResourceQuota: its scopes stay. */
export function* resourceQuotaUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const { spec = {} } = object as Unchecked<V1ResourceQuota>;
  const before = new Set((old as Unchecked<V1ResourceQuota>).spec?.scopes);
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* specErrors(spec);
  const now = new Set(spec.scopes);
  if (now.symmetricDifference(before).size > 0)
    yield invalidValue("spec.scopes", spec.scopes ?? null, "field is immutable");
}

function* specErrors(spec: Spec): FieldErrors {
  const hard = (spec.hard ?? {}) as Readonly<Record<string, string>>;
  for (const [name, value] of Object.entries(hard)) {
    const field = `spec.hard[${name}]`;
    yield* resourceNameErrors(field, name);
    if (!name.includes("/") && !isQuotaResource(name))
      yield invalidValue(field, name, "must be a standard resource for quota");
    yield* resourceValueErrors(field, name, value);
  }
  const counted = Object.keys(hard).filter(isQuotaResource).toSorted();
  yield* scopeErrors(spec, counted);
  yield* scopeSelectorErrors(spec, counted);
}

function* scopeErrors({ scopes = [] }: Spec, counted: readonly string[]): FieldErrors {
  for (const scope of scopes) {
    if (scopeResources[scope] === undefined) yield invalidValue("spec.scopes", scopes, "unsupported scope");
    for (const name of counted)
      if (scopeResources[scope]?.includes(name) === false)
        yield invalidValue("spec.scopes", scopes, "unsupported scope applied to resource");
  }
  yield* conflictErrors(scopes, scopes);
}

function* conflictErrors(scopes: readonly string[], shown: readonly string[] | undefined): FieldErrors {
  for (const scope of ["BestEffort", "Terminating"])
    if (scopes.includes(scope) && scopes.includes(`Not${scope}`))
      yield invalidValue("spec.scopes", shown ?? null, "conflicting scopes");
}

const selector = "spec.scopeSelector.matchExpressions";

function* scopeSelectorErrors(spec: Spec, counted: readonly string[]): FieldErrors {
  const requirements = spec.scopeSelector?.matchExpressions ?? [];
  for (const requirement of requirements) {
    const { scopeName = "" } = requirement;
    if (scopeResources[scopeName] === undefined)
      yield invalidWord(`${selector}.scopeName`, scopeName, "unsupported scope");
    for (const name of counted)
      if (scopeResources[scopeName]?.includes(name) === false)
        yield invalidValue(
          selector,
          inGo("core.ScopeSelector", spec.scopeSelector),
          "unsupported scope applied to resource",
        );
    yield* operatorErrors(requirement);
  }
  yield* conflictErrors(
    requirements.map(({ scopeName = "" }) => scopeName),
    spec.scopes,
  );
}

const existingScopes = [
  "BestEffort",
  "NotBestEffort",
  "Terminating",
  "NotTerminating",
  "CrossNamespacePodAffinity",
];

function* operatorErrors(requirement: Unchecked<V1ScopedResourceSelectorRequirement>): FieldErrors {
  const { scopeName = "", operator = "", values = [] } = requirement;
  if (existingScopes.includes(scopeName) && operator !== "Exists")
    yield invalidWord(
      `${selector}.operator`,
      operator,
      "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
    );
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0)
      yield requiredValue(
        `${selector}.values`,
        "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
      );
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0)
      yield invalidValue(
        `${selector}.values`,
        values,
        "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
      );
  } else {
    yield invalidWord(`${selector}.operator`, operator, "not a valid selector operator");
  }
}

const podResources = [
  "pods",
  "cpu",
  "memory",
  "limits.cpu",
  "limits.memory",
  "requests.cpu",
  "requests.memory",
];

/** What the scopes that there are can count. */
const scopeResources: Readonly<Record<string, readonly string[]>> = {
  Terminating: podResources,
  NotTerminating: podResources,
  BestEffort: ["pods"],
  NotBestEffort: podResources,
  PriorityClass: podResources,
  CrossNamespacePodAffinity: podResources,
  VolumeAttributesClass: ["persistentvolumeclaims", "requests.storage"],
};

const quotaResources: ReadonlySet<string> = new Set([
  ...podResources,
  "ephemeral-storage",
  "requests.storage",
  "requests.ephemeral-storage",
  "limits.ephemeral-storage",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "persistentvolumeclaims",
  "configmaps",
  "services.nodeports",
  "services.loadbalancers",
]);

function isQuotaResource(name: string): boolean {
  return quotaResources.has(name) || isHugePages(name) || name.startsWith("requests.hugepages-");
}
